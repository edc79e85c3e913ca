import type { StreamOptions } from './CallOptions.ts';

/** @throws TypeError with piscina's messages, and in its manner for what it has not */
export function checkCallOptions(options: StreamOptions): void {
  if (options === null || typeof options !== 'object') throw new TypeError('options must be an object');
  const { transferList, filename, name, signal, timeoutMs, prefetch } = options;
  if (transferList !== undefined && !Array.isArray(transferList)) {
    throw new TypeError('transferList argument must be an Array');
  }
  if (filename != null && typeof filename !== 'string') throw new TypeError('filename argument must be a string');
  if (name != null && typeof name !== 'string') throw new TypeError('name argument must be a string');
  if (signal != null && typeof signal !== 'object') throw new TypeError('signal argument must be an object');
  if (timeoutMs !== undefined && !(typeof timeoutMs === 'number' && timeoutMs >= 0)) {
    throw new TypeError('timeoutMs argument must be a non-negative number');
  }
  if (prefetch !== undefined && !(Number.isInteger(prefetch) && prefetch >= 1)) {
    throw new TypeError('prefetch argument must be a positive integer');
  }
}
