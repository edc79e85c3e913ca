/**
 * npm run bench -- [--only NAME[,NAME...]]... [--list] [--quick] [--strict [FACTOR]] [--json [FILE]]
 *                  [--csv [FILE]] [--record [MACHINE]]
 * npm run bench -- compare BEFORE AFTER
 *
 * Measures this library against what one would use otherwise. README.md says how; harness/ is what does it.
 */
import { loadGroups } from './groups.ts';
import { benchProgram } from './harness/index.ts';
import { installRivals } from './loadRival.ts';

await benchProgram({
  groups: loadGroups,
  recordFolder: 'bench/record',
  prepare: (log) => installRivals(log).map((name) => `${name}: not installed and could not be`),
});
