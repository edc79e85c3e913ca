/** Runs the ramp of users on every way that this machine has, step by step, the ways in turns. */
import { ChildProgram } from '../harness/index.ts';
import { defaultTokenLibrary, type TokenLibrary } from './airline/tokens.ts';
import type { DriverOrder, DriverQuestion } from './driverProgram.ts';
import { FIRST_ANSWER_TIMEOUT_MS, LAST_ANSWERS_TIMEOUT_MS, type StepFigures, type StepOrder } from './users/runStep.ts';
import { whatIsMissing } from './ways/openWay.ts';
import { WAYS, type WaySpec } from './ways/Way.ts';

export interface AirlinePace {
  /** Simulated users, step by step. */
  readonly ramp: readonly number[];
  /** How often each step is run, one way after the other each time. */
  readonly rounds: number;
  /** How long each way runs before the first step, once or more: until so many requests have been answered. */
  readonly beginMs: number;
  /** HTTP is the last whose code has been compiled, after 10,000 to 20,000 (measured). */
  readonly beginRequests: number;
  /** How long the users of each step are at it before it counts. */
  readonly warmupMs: number;
  readonly measureMs: number;
}

export const FULL_PACE: AirlinePace = {
  ramp: [10, 60, 300, 1_000],
  rounds: 2,
  beginMs: 2_000,
  beginRequests: 20_000,
  warmupMs: 500,
  measureMs: 2_000,
};
/** To see that all of it runs: most of the code is not compiled yet, least of all that of HTTP. */
export const QUICK_PACE: AirlinePace = {
  ramp: [10, 60],
  rounds: 1,
  beginMs: 100,
  beginRequests: 0,
  warmupMs: 50,
  measureMs: 250,
};

export interface AirlineOrder {
  readonly pace: AirlinePace;
  /** Default: all of them. */
  readonly ways?: readonly WaySpec[];
  /** Default: `defaultTokenLibrary()`. */
  readonly tokenLibrary?: TokenLibrary;
  readonly log?: (line: string) => void;
}

/** What a picture of the ramp needs. */
export interface AirlineResult {
  readonly tokenLibrary: TokenLibrary;
  readonly pace: AirlinePace;
  readonly ways: readonly WayResult[];
  /** Ways that can't run here, and what they miss. */
  readonly skipped: readonly string[];
}

export interface WayResult {
  readonly way: string;
  readonly steps: readonly RampStep[];
  /** Why the way is out of the race: an error, or what the audit found. Empty if all is well. */
  readonly failures: readonly string[];
}

export interface RampStep {
  readonly users: number;
  /** One for each round. */
  readonly rounds: readonly StepFigures[];
}

const OPEN_TIMEOUT_MS = 60_000;
const USERS_TO_BEGIN = 60;
const MAX_BEGINNINGS = 8;
const AUDIT_TIMEOUT_MS = 30_000;
/** How long a step may take beyond its own time. */
const STEP_GRACE_MS: number = FIRST_ANSWER_TIMEOUT_MS + LAST_ANSWERS_TIMEOUT_MS + 5_000;
/** Between the seeds of two steps: more than there are users. */
const SEED_DISTANCE = 100_000;

/** One way with its users, and what was measured so far. */
class Runner {
  readonly name: string;
  readonly rounds: Map<number, StepFigures[]> = new Map();
  readonly failures: string[] = [];
  #driver: ChildProgram | undefined;

  constructor(name: string) {
    this.name = name;
  }

  open(order: DriverOrder): Promise<void> {
    return this.#unlessFailed(async () => {
      const program = new URL('./driverProgram.js', import.meta.url);
      this.#driver = await ChildProgram.start(program, {
        name: 'the process of the users',
        startTimeoutMs: OPEN_TIMEOUT_MS,
      });
      await this.#ask({ about: 'opening', order }, OPEN_TIMEOUT_MS);
    });
  }

  begin({ beginMs, beginRequests }: AirlinePace): Promise<void> {
    return this.#unlessFailed(async () => {
      let requests = 0;
      for (let times = 0; times === 0 || (requests < beginRequests && times < MAX_BEGINNINGS); times++) {
        const order = { users: USERS_TO_BEGIN, warmupMs: 0, measureMs: beginMs, seed: 0 };
        requests += (await this.#askStep(order)).requests;
      }
    });
  }

  step(order: StepOrder): Promise<void> {
    return this.#unlessFailed(async () => {
      const figures = await this.#askStep(order);
      this.rounds.set(order.users, [...(this.rounds.get(order.users) ?? []), figures]);
    });
  }

  audit(): Promise<void> {
    return this.#unlessFailed(async () => {
      const complaints = (await this.#ask({ about: 'the audit' }, AUDIT_TIMEOUT_MS)) as string[];
      this.failures.push(...complaints.map((complaint) => `audit: ${complaint}`));
    });
  }

  async stop(): Promise<void> {
    await this.#driver?.stop();
  }

  get result(): WayResult {
    const steps = [...this.rounds].map(([users, rounds]): RampStep => ({ users, rounds }));
    return { way: this.name, steps, failures: this.failures };
  }

  async #askStep(order: StepOrder): Promise<StepFigures> {
    const timeoutMs = order.warmupMs + order.measureMs + STEP_GRACE_MS;
    return (await this.#ask({ about: 'a step', order }, timeoutMs)) as StepFigures;
  }

  #ask(question: DriverQuestion, timeoutMs: number): Promise<unknown> {
    return (this.#driver as ChildProgram).ask(question, timeoutMs);
  }

  async #unlessFailed(work: () => Promise<void>): Promise<void> {
    if (this.failures.length > 0) return;
    try {
      await work();
    } catch (error) {
      this.failures.push(error instanceof Error ? error.message : String(error));
    }
  }
}

/** Never rejects because of a way that fails: `failures` tells, and the others go on. */
export async function measureAirline(order: AirlineOrder): Promise<AirlineResult> {
  const { pace, ways = WAYS, tokenLibrary = defaultTokenLibrary(), log = () => {} } = order;
  const present = ways.filter((way) => whatIsMissing(way).length === 0);
  const skipped = ways
    .filter((way) => !present.includes(way))
    .map((way) => `${way.name}: ${whatIsMissing(way).join(', ')} not installed`);
  const runners = present.map(({ name }) => new Runner(name));
  try {
    log(`${runners.length} ways open`);
    await Promise.all(present.map((way, index) => (runners[index] as Runner).open({ way, tokenLibrary })));
    for (const runner of runners) {
      log(`${runner.name} begins`);
      await runner.begin(pace);
    }
    let seed = 1;
    for (const users of pace.ramp) {
      for (let round = 0; round < pace.rounds; round++) {
        log(`${users} users, round ${round + 1} of ${pace.rounds}`);
        for (let turn = 0; turn < runners.length; turn++) {
          const runner = runners[(round + turn) % runners.length] as Runner;
          await runner.step({ users, warmupMs: pace.warmupMs, measureMs: pace.measureMs, seed });
        }
        seed += SEED_DISTANCE;
      }
    }
    for (const runner of runners) await runner.audit();
  } finally {
    await Promise.all(runners.map((runner) => runner.stop()));
  }
  return { tokenLibrary, pace, ways: runners.map(({ result }) => result), skipped };
}
