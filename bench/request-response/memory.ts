import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Measured, ProgramGroup } from '../harness/ProgramGroup.ts';
import type { Level } from './linkResponder.worker.ts';

const REQUESTS = 10_000_000;
const QUICK_REQUESTS = 1_000_000;
const TIMEOUT_MS = 120_000;
const MEGABYTE = 1e6;
/** What the process may still grow by from the third tenth of the requests to the last. */
const FLAT = 1.1;

const program = fileURLToPath(new URL('./memoryProgram.js', import.meta.url));

/** V8's young generation grows to 3 x 16 MB unless told otherwise, and what promises leave behind fills it. */
const SMALL_YOUNG_GENERATION = '--max-semi-space-size=2';

/** What the process takes up, both threads, after so many requests; and whether that grows. */
export const memoryGroup: ProgramGroup = {
  name: 'request-response/memory',
  async measure(isQuick) {
    const measured = [
      await measure('flysocket low level', 'low', [], 80, isQuick),
      await measure('flysocket Promises', 'high', [], 92, isQuick),
      await measure(
        `flysocket Promises, node ${SMALL_YOUNG_GENERATION}`,
        'high',
        [SMALL_YOUNG_GENERATION],
        92,
        isQuick,
      ),
    ];
    return { results: measured.flatMap(({ results }) => results), ratios: measured.flatMap(({ ratios }) => ratios) };
  },
};

async function measure(
  contender: string,
  level: Level,
  flags: readonly string[],
  goal: number,
  isQuick: boolean,
): Promise<Measured> {
  const requests = isQuick ? QUICK_REQUESTS : REQUESTS;
  const args = [...flags, program, level, String(requests)];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: TIMEOUT_MS });
  const megabytes = (JSON.parse(stdout) as number[]).map((bytes) => bytes / MEGABYTE);
  const last = megabytes.at(-1) as number;
  const name = `${memoryGroup.name}: ${contender}`;
  return {
    results: [
      {
        group: memoryGroup.name,
        contender,
        unit: `MB RSS after ${requests} requests`,
        median: last,
        min: Math.min(...megabytes),
        max: Math.max(...megabytes),
        bytesPerOp: 0,
      },
    ],
    ratios: [
      { name: `${name}, MB RSS`, value: last, goal, lowerIsBetter: true },
      { name: `${name}, growth`, value: last / (megabytes[2] as number), goal: FLAT, lowerIsBetter: true },
    ],
  };
}
