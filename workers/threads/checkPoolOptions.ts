import type { WorkerPoolOptions } from './WorkerPoolOptions.ts';

/** @throws TypeError, RangeError with piscina's messages, and in its manner for what it has not */
export function checkPoolOptions(options: WorkerPoolOptions): void {
  const { filename, name, minThreads, maxThreads, atomics, resourceLimits, taskQueue, loadBalancer } = options;
  check(typeof filename === 'string' || filename == null, 'options.filename must be a string or null');
  check(typeof name === 'string' || name == null, 'options.name must be a string or null');
  check(isNumberFrom(0, minThreads), 'options.minThreads must be a non-negative integer');
  check(isNumberFrom(1, maxThreads), 'options.maxThreads must be a positive integer');
  if (minThreads !== undefined && maxThreads !== undefined && minThreads > maxThreads) {
    throw new RangeError('options.minThreads and options.maxThreads must not conflict');
  }
  check(isNumberFrom(0, options.idleTimeout), 'options.idleTimeout must be a non-negative integer');
  const { maxQueue } = options;
  check(maxQueue === 'auto' || isNumberFrom(0, maxQueue), 'options.maxQueue must be a non-negative integer');
  const { concurrentTasksPerWorker } = options;
  check(isNumberFrom(1, concurrentTasksPerWorker), 'options.concurrentTasksPerWorker must be a positive integer');
  check(
    atomics == null || ['sync', 'async', 'disabled'].includes(atomics),
    'options.atomics should be a value of sync, sync or disabled.',
  );
  check(
    resourceLimits === undefined || (typeof resourceLimits === 'object' && resourceLimits !== null),
    'options.resourceLimits must be an object',
  );
  check(taskQueue === undefined || isTaskQueue(taskQueue), 'options.taskQueue must be a TaskQueue object');
  const { niceIncrement } = options;
  check(isNumberFrom(0, niceIncrement), 'options.niceIncrement must be a non-negative integer on Unix systems');
  check(isOptional('boolean', options.trackUnmanagedFds), 'options.trackUnmanagedFds must be a boolean value');
  check(isNumberFrom(0, options.closeTimeout), 'options.closeTimeout must be a non-negative integer');
  check(
    loadBalancer === undefined || (typeof loadBalancer === 'function' && loadBalancer.length >= 1),
    'options.loadBalancer must be a function with at least two args',
  );
  check(isOptional('boolean', options.workerHistogram), 'options.workerHistogram must be a boolean');
  check(isOptional('boolean', options.stricterFIFO), 'options.stricterFIFO must be a boolean');
  check(isNumberFrom(1, options.maxTasksPerThread), 'options.maxTasksPerThread must be a positive integer');
  check(isNumberFrom(0, options.abortGraceMs), 'options.abortGraceMs must be a non-negative integer');
  check(isNumberFrom(1, options.signOfLifeTimeoutMs), 'options.signOfLifeTimeoutMs must be a positive integer');
  check(isNumberFrom(1, options.startTimeoutMs), 'options.startTimeoutMs must be a positive integer');
  check([undefined, 'never', 'rejected'].includes(options.retry), "options.retry must be 'never' or 'rejected'");
}

function isNumberFrom(least: number, value: unknown): boolean {
  return value === undefined || (typeof value === 'number' && value >= least);
}

function isOptional(type: string, value: unknown): boolean {
  return value === undefined || typeof value === type;
}

function isTaskQueue(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !('size' in value)) return false;
  const { shift, remove, push } = value as Record<string, unknown>;
  return [shift, remove, push].every((method) => typeof method === 'function');
}

function check(holds: boolean, message: string): void {
  if (!holds) throw new TypeError(message);
}
