/**
 * node .build/bench/acme-air/main.js [--quick] [--json FILE] [--way NAME]... [--tokens fast-jwt|jose]
 *
 * The airline by itself: a table for each step of the ramp, and all of it as JSON, from which the ramp can be drawn.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { resultsTable } from '../harness/index.ts';
import { airlineRows } from './acmeAir.ts';
import type { TokenLibrary } from './airline/tokens.ts';
import { type AirlineOrder, FULL_PACE, measureAirline, QUICK_PACE } from './measureAirline.ts';
import { WAYS } from './ways/Way.ts';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'string' },
    way: { type: 'string', multiple: true, default: [] },
    tokens: { type: 'string' },
  },
});
const ways = WAYS.filter(({ name }) => values.way.length === 0 || values.way.some((part) => name.includes(part)));
if (ways.length === 0) {
  console.error(`no way is named so; there are:\n  ${WAYS.map(({ name }) => name).join('\n  ')}`);
  process.exit(1);
}

const order: AirlineOrder = {
  pace: values.quick ? QUICK_PACE : FULL_PACE,
  ways,
  log: (line) => console.error(line),
  ...(values.tokens && { tokenLibrary: values.tokens as TokenLibrary }),
};
const result = await measureAirline(order);
const rows = airlineRows(result);
for (const users of result.pace.ramp) {
  const suffix = `, ${users} users`;
  const ofStep = rows.filter(({ contender }) => contender.endsWith(suffix));
  console.log(`\n${users} users\n${resultsTable(ofStep)}`);
}
console.log(`\ntokens by ${result.tokenLibrary}; all processes share the processors of this machine`);
for (const line of result.skipped) console.log(`skipped: ${line}`);
for (const { way, failures } of result.ways) for (const failure of failures) console.error(`${way}: ${failure}`);
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(result, null, 2)}\n`);
if (result.ways.some(({ failures }) => failures.length > 0)) process.exitCode = 1;
