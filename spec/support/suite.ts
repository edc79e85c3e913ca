import { type Callback, type Test, suite as uvuSuite } from 'uvu';

export interface TestOptions {
  /** How long the test may take before it counts as hung, in milliseconds; 10 seconds unless said. */
  readonly timeoutMs?: number;
}

export type GuardedTest<T> = (name: string, test: Callback<T>, options?: TestOptions) => void;

/** uvu's suite, of which every test has a time limit of its own. */
export interface GuardedSuite<T> extends GuardedTest<T>, Pick<Test<T>, 'before' | 'after' | 'skip' | 'run'> {
  readonly only: GuardedTest<T>;
}

const DEFAULT_TIMEOUT_MS = 10_000;

/**
 * Opens a suite. A test that neither settles nor fails in time is failed by name. The guard's timer keeps the event
 * loop alive, so that a test waiting for something that never comes is reported and not dropped in silence.
 * A test that blocks its thread is beyond a timer: the runner's limit per file ends that one.
 */
export function suite<T = Record<string, unknown>>(name: string, context?: T): GuardedSuite<T> {
  const inner = uvuSuite<T>(name, context);
  const add: GuardedTest<T> = (title, test, options) => inner(title, guarded(name, title, test, options));
  const only: GuardedTest<T> = (title, test, options) => inner.only(title, guarded(name, title, test, options));
  return Object.assign(add, {
    only,
    before: inner.before,
    after: inner.after,
    skip: inner.skip,
    run: inner.run,
  });
}

function guarded<T>(
  suiteName: string,
  title: string,
  test: Callback<T>,
  { timeoutMs = DEFAULT_TIMEOUT_MS }: TestOptions = {},
): Callback<T> {
  return async (context) => {
    let timer: NodeJS.Timeout | undefined;
    const hang = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new Error(`test hung: "${suiteName}: ${title}" did not settle within ${timeoutMs} ms`)),
        timeoutMs,
      );
    });
    try {
      await Promise.race([test(context), hang]);
    } catch (thrown) {
      throw thrown instanceof Error ? thrown : new Error(`test threw what is no Error: ${String(thrown)}`);
    } finally {
      clearTimeout(timer);
    }
  };
}
