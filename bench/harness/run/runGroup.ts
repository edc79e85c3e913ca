import type { AnyGroup } from '../AnyGroup.ts';
import type { Measured } from '../Measured.ts';
import type { ProgramGroup } from '../ProgramGroup.ts';
import { ContenderHost } from '../processes/ContenderHost.ts';
import type { StartHost } from '../processes/Host.ts';
import { within } from '../processes/within.ts';
import { loadGroup } from './loadGroup.ts';
import { memoryGroup } from './memoryGroup.ts';
import { FULL_PACE, type Pace } from './Pace.ts';
import { Seats } from './Seats.ts';
import { timeGroup } from './timeGroup.ts';

export interface RunGroupOptions {
  /** How much is done. Default FULL_PACE. */
  readonly pace?: Pace;
  /**
   * Where contenders live. Default: in this process, all together, where one that blocks the thread for ever can't be
   * ended; `benchProgram` gives them processes of their own.
   */
  readonly start?: StartHost;
  /** Told before each step. */
  readonly onStep?: (contender: string, doing: string) => void;
}

/** How long a ProgramGroup may take, unless it says otherwise. */
const PROGRAM_TIMEOUT_MS = 180_000;

/**
 * Measures a group of any kind. What fails is in the result, by name, and the others are measured all the same; this
 * itself never rejects.
 */
export async function runGroup(group: AnyGroup, options: RunGroupOptions = {}): Promise<Measured> {
  const { pace = FULL_PACE, start = async () => new ContenderHost(group), onStep = () => {} } = options;
  if ('measure' in group) return runProgram(group, pace, start);
  const isolated = 'memoryAfter' in group || (group.isolated ?? false);
  return Seats.fill({ group, start, isolated, onStep }, (seats) => {
    if ('memoryAfter' in group) return memoryGroup(group, pace, seats);
    return 'loads' in group ? loadGroup(group, pace, seats) : timeGroup(group, pace, seats);
  });
}

async function runProgram(group: ProgramGroup, pace: Pace, start: StartHost): Promise<Measured> {
  const { name, timeoutMs = PROGRAM_TIMEOUT_MS } = group;
  try {
    const host = await start([]);
    try {
      return await within(host.measure(pace.isQuick), timeoutMs, 'not done');
    } finally {
      await host.stop();
    }
  } catch (error) {
    const message = `fails: ${error instanceof Error ? error.message : String(error)}`;
    return { results: [], ratios: [], failures: [{ group: name, message }] };
  }
}
