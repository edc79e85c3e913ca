/** Pools of one thread, each as it does its best here. */
import { fileURLToPath } from 'node:url';
import { WorkerPool } from 'flysocket/workers';
import type { Contender, SkippedContender } from '../harness/Contender.ts';
import { loadRival } from '../loadRival.ts';
import { PoolRequests, type TaskPool } from '../workers/PoolRequests.ts';

interface PoolModules {
  readonly piscina: { readonly Piscina: new (options: object) => TaskPool };
  readonly tinypool: { readonly Tinypool: new (options: object) => TaskPool };
  readonly workerpool: { pool(file: string, options: object): Workerpool };
}

interface Workerpool {
  exec(method: string, parameters: unknown[]): PromiseLike<unknown>;
  terminate(): PromiseLike<unknown>;
}

const filename: string = fileURLToPath(new URL('../workers/poolTask.js', import.meta.url));
const workerpoolFile: string = fileURLToPath(new URL('./workerpoolTask.js', import.meta.url));

export function ourPool(inFlight: number, batch: number): Contender {
  return new PoolRequests('flysocket WorkerPool', inFlight, batch, () => new WorkerPool(oneThread(inFlight)));
}

/** @param batch of each, but for workerpool, which has one task at a time in its thread */
export function rivalPools(inFlight: number, batch: number): (Contender | SkippedContender)[] {
  const rival = <Name extends keyof PoolModules>(
    name: Name,
    makePool: (module: PoolModules[Name]) => TaskPool,
  ): Contender | SkippedContender => {
    const module = loadRival<PoolModules[Name]>(name);
    if (module === undefined) return { name, skipped: 'not installed' };
    return new PoolRequests(name, inFlight, batch, () => makePool(module));
  };
  return [
    rival('piscina', ({ Piscina }) => new Piscina(oneThread(inFlight))),
    rival('tinypool', ({ Tinypool }) => new Tinypool(oneThread(inFlight))),
    rival('workerpool', (module) => taskPool(module.pool(workerpoolFile, { maxWorkers: 1, workerType: 'thread' }))),
  ];
}

/** In one thread, as many tasks as there are in flight. */
function oneThread(inFlight: number): object {
  return { filename, minThreads: 1, maxThreads: 1, concurrentTasksPerWorker: inFlight, recordTiming: false };
}

function taskPool(pool: Workerpool): TaskPool {
  return {
    run: async (task) => pool.exec('answer', [task]),
    destroy: async () => {
      await pool.terminate();
    },
  };
}
