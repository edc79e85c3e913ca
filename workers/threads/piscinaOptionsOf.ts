import type { Piscina } from 'piscina';
import type { FilledPoolOptions } from './fillPoolOptions.ts';

type PiscinaOptions = NonNullable<ConstructorParameters<typeof Piscina>[0]>;

/** The program of the threads, seen from wherever the bundler has put this file: each lies one folder below dist/. */
const THREAD_PROGRAM = new URL('../workers/thread.cjs', import.meta.url).href;

/** How a pool's piscina is made: it has as many threads as it has been given tasks, and never ends one itself. */
export function piscinaOptionsOf(
  options: FilledPoolOptions,
  loadBalancer: NonNullable<PiscinaOptions['loadBalancer']>,
): PiscinaOptions {
  const { resourceLimits, argv, execArgv, env, workerData, niceIncrement, trackUnmanagedFds } = options;
  const passedOn = { resourceLimits, argv, execArgv, env, workerData, niceIncrement, trackUnmanagedFds };
  return {
    ...(Object.fromEntries(Object.entries(passedOn).filter(([, value]) => value !== undefined)) as PiscinaOptions),
    filename: THREAD_PROGRAM,
    name: 'link',
    minThreads: 0,
    maxThreads: options.maxThreads,
    idleTimeout: Number.POSITIVE_INFINITY,
    // A thread that waits as piscina lets it otherwise does not look at its rings.
    atomics: 'disabled',
    concurrentTasksPerWorker: 1,
    recordTiming: false,
    loadBalancer,
  };
}
