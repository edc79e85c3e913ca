/**
 * Programs written for piscina, run against piscina and against `WorkerPool`. They are typed by piscina's own types,
 * and know which of the two they run on only where a case says that it differs.
 */
import { countedPoolOfThisThread } from 'flysocket/shm-transport';
import { WorkerPool } from 'flysocket/workers';
import { Piscina } from 'piscina';
import * as assert from 'uvu/assert';
import { suite, type TestOptions } from '../../support/suite.ts';

export type PoolOptions = NonNullable<ConstructorParameters<typeof Piscina>[0]>;

/** What a program has: one of the two libraries. */
export interface Scene {
  readonly Pool: typeof Piscina;
  /** A pool of `pool.worker.ts`, with one thread if not said otherwise. It is destroyed after the program. */
  open(options?: PoolOptions): Piscina;
  /** One pool of one thread that many cases share; whatever they do to its thread, they leave it usable. */
  readonly shared: Piscina;
}

/** @returns what is compared: what it saw */
export type Program = (scene: Scene) => unknown;

/** What each library does where they differ. */
export interface Outcomes {
  readonly piscina: unknown;
  readonly flysocket: unknown;
}

/** What is expected where it depends on the version of Node. */
export const ANYTHING: unique symbol = Symbol('anything');

export interface Cases {
  /** Both do that. */
  same(title: string, expected: unknown, program: Program, options?: TestOptions): void;
  /** Each does its own; `why` belongs to the name of the case. */
  differs(title: string, why: string, expected: Outcomes, program: Program, options?: TestOptions): void;
  run(): void;
}

/** The file of `pool.worker.ts`. */
export const WORKER: string = new URL('./pool.worker.js', import.meta.url).href;

const FLYSOCKET = WorkerPool as unknown as typeof Piscina;
const ONE_THREAD = { minThreads: 1, maxThreads: 1 };
const PATIENCE_MS = 5_000;

/** Opens a suite of such programs. */
export function sideBySide(name: string): Cases {
  const test = suite(`piscina and WorkerPool: ${name}`);
  const shared = new Map<typeof Piscina, Piscina>();

  async function outcome(Pool: typeof Piscina, program: Program): Promise<unknown> {
    const pools: Piscina[] = [];
    const open = (options?: PoolOptions): Piscina => {
      const says = options !== undefined && ('minThreads' in options || 'maxThreads' in options);
      const pool = new Pool({ filename: WORKER, ...(says ? {} : ONE_THREAD), ...options });
      pools.push(pool);
      return pool;
    };
    const scene: Scene = {
      Pool,
      open,
      get shared() {
        const pool = shared.get(Pool) ?? new Pool({ filename: WORKER, ...ONE_THREAD });
        shared.set(Pool, pool);
        return pool;
      },
    };
    try {
      return await program(scene);
    } finally {
      for (const pool of pools) {
        await pool.destroy();
        assert.is(pool.threads.length, 0, 'threads are left');
        assert.is(pool.queueSize, 0, 'calls are left');
      }
    }
  }

  async function compare(expected: Outcomes, program: Program): Promise<void> {
    const theirs = await outcome(Piscina, program);
    if (expected.piscina !== ANYTHING) assert.equal(theirs, expected.piscina, 'piscina');
    assert.equal(await outcome(FLYSOCKET, program), expected.flysocket, 'WorkerPool');
  }

  test.after(async () => {
    for (const pool of shared.values()) await pool.destroy();
    countedPoolOfThisThread().assertQuiescent();
  });
  return {
    same(title, expected, program, options) {
      test(title, () => compare({ piscina: expected, flysocket: expected }, program), options);
    },
    differs(title, why, expected, program, options) {
      test(`${title} (differs: ${why})`, () => compare(expected, program), options);
    },
    run: test.run,
  };
}

/** What becomes of a call: what it resolves to; or as text its error's type and message, and those of its cause. */
export async function endOf(call: Promise<unknown>): Promise<unknown> {
  try {
    return await call;
  } catch (error) {
    return describe(error);
  }
}

/** An error in one line. */
export function describe(error: unknown): string {
  if (!(error instanceof Error)) return `thrown: ${String(error)}`;
  const { cause } = error;
  const why = cause === undefined ? '' : ` <- ${cause instanceof Error ? describe(cause) : String(cause)}`;
  return `${error.name}: ${error.message}${why}`;
}

/** What a promise rejects with. */
export async function failureOf(call: Promise<unknown>): Promise<unknown> {
  try {
    await call;
  } catch (error) {
    return error;
  }
  throw new Error('it did not fail');
}

/** Two words that a worker shares: word 0 counts who has begun, word 1 lets them go. */
export function newGate(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(8));
}

export function openGate(gate: Int32Array): void {
  Atomics.store(gate, 1, 1);
  Atomics.notify(gate, 1);
}

/** Waits until `holds`, and fails if it never does. */
export async function until(holds: () => boolean, what: string): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** Waits until somebody holds on to that gate. */
export function begun(gate: Int32Array, count = 1): Promise<void> {
  return until(() => Atomics.load(gate, 0) >= count, 'a task has begun');
}

/** Takes that many places of a pool. @returns what lets them go, and waits for the other calls that it is given */
export async function filled(
  pool: Piscina,
  places = 1,
): Promise<{ release(...others: Promise<unknown>[]): Promise<void> }> {
  const gate = newGate();
  const calls = Array.from({ length: places }, () => pool.run(gate, { name: 'holdAsync' }));
  await begun(gate, places);
  return {
    async release(...others) {
      openGate(gate);
      await Promise.allSettled([...calls, ...others]);
    },
  };
}
