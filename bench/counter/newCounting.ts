import { AtomicCounting } from './AtomicCounting.ts';
import type { Counting, CountingSpec } from './Counting.ts';
import { QueueCounting } from './QueueCounting.ts';

export function newCounting(spec: CountingSpec): Counting {
  return spec.way === 'atomic' ? new AtomicCounting(spec) : new QueueCounting(spec);
}
