import { PlainCounter } from './PlainCounter.ts';

/** A counter that may be anywhere. */
export interface CounterService {
  /** @returns the count after it */
  add(amount: number): Promise<number>;
}

/**
 * Counts to `count`, which knows nothing of where the counter is: so many callers at a time, of whom each adds what it
 * has counted and waits for the answer.
 * @param cached how far a caller counts before it adds that up; 1 to add each by itself
 * @returns how much higher the service's count is than before
 */
export async function countThrough(
  service: CounterService,
  count: number,
  cached: number,
  callers: number,
): Promise<number> {
  const before = await service.add(0);
  let left = count;
  const caller = async (): Promise<void> => {
    const counter = new PlainCounter();
    while (left > 0) {
      const together = Math.min(left, cached);
      left -= together;
      for (let i = 0; i < together; i++) counter.increment();
      await service.add(counter.value);
      counter.value = 0;
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return (await service.add(0)) - before;
}
