/** What the specs of pools have their workers do. */
import { type MessagePort as NodeMessagePort, parentPort, threadId } from 'node:worker_threads';
import { currentTask, move } from 'flysocket/workers';

/** Returns its argument. */
function echo(value: unknown): unknown {
  return value;
}

export { echo as default };

export async function later(value: unknown): Promise<unknown> {
  await new Promise((resolve) => setImmediate(resolve));
  return value;
}

/** Returns how many arguments a function is called with. */
export function argumentCount(...values: unknown[]): number {
  return values.length;
}

export function whoAmI(): number {
  return threadId;
}

export function sleep(ms: number): Promise<number> {
  return new Promise((resolve) => setTimeout(resolve, ms, threadId));
}

/** Adds one to the first word of `counter`. */
export function count(counter: Int32Array): number {
  return Atomics.add(counter, 0, 1);
}

/** Says by word 0 of `gate` that it has begun, and holds its thread until word 1 is set. */
export function hold(gate: Int32Array): string {
  Atomics.add(gate, 0, 1);
  Atomics.wait(gate, 1, 0, 5_000);
  return 'held';
}

/** As `hold`, without holding the thread. */
export async function holdAsync(gate: Int32Array): Promise<string> {
  Atomics.add(gate, 0, 1);
  while (Atomics.load(gate, 1) === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  return 'held';
}

/** Ends when it is aborted: word 0 of `gate` says that it has begun, word 1 that it has heard of it. */
export function untilAborted(gate: Int32Array): Promise<string> {
  const { signal } = currentTask();
  Atomics.add(gate, 0, 1);
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => {
      Atomics.add(gate, 1, 1);
      resolve('aborted');
    });
  });
}

export function never(): Promise<never> {
  return new Promise(() => {});
}

export function spin(gate: Int32Array): never {
  Atomics.add(gate, 0, 1);
  for (;;) Atomics.load(gate, 0);
}

export class CodedError extends Error {
  readonly code = 'E_CODED';
}

/** Throws what its argument says. */
export function fail(how: 'error' | 'rejection' | 'text' | 'coded' | 'function' | 'undefined'): unknown {
  switch (how) {
    case 'error':
      throw new RangeError('out of range', { cause: 'the cause' });
    case 'rejection':
      return Promise.reject(new TypeError('rejected'));
    case 'text':
      throw 'only text';
    case 'coded':
      throw Object.assign(new CodedError('coded'), { uncloneable: () => {} });
    case 'function':
      return () => {};
    default:
      throw undefined;
  }
}

/** Returns, and then the thread dies of it. */
export function throwAfterwards(): string {
  setTimeout(() => {
    throw new Error('nobody caught this');
  }, 10);
  return 'fine so far';
}

export function exit(code: number): never {
  process.exit(code);
}

/** The thread dies of it; the call itself does not end. */
export function throwLater(): Promise<never> {
  setTimeout(() => {
    throw new Error('nobody caught this');
  }, 0);
  return never();
}

export function exhaustMemory(): number {
  const hoard: unknown[] = [];
  for (;;) hoard.push(new Array(1_000).fill(hoard.length));
}

export function moved(length: number): unknown {
  return move(new ArrayBuffer(length));
}

/** The numbers up to `count`, by a generator. */
export function* numbers(count: number): Generator<number> {
  for (let i = 0; i < count; i++) yield i;
}

/** The same, each after a turn. */
export async function* slowNumbers(count: number): AsyncGenerator<number> {
  for (let i = 0; i < count; i++) {
    await null;
    yield i;
  }
}

/** Word 0 counts the items that it made; word 1 says that it has cleaned up. */
export async function* counted(gate: Int32Array): AsyncGenerator<number> {
  try {
    for (;;) yield Atomics.add(gate, 0, 1);
  } finally {
    Atomics.add(gate, 1, 1);
  }
}

/** Two items, then an error. */
export async function* failing(): AsyncGenerator<string> {
  yield 'first';
  yield 'second';
  throw new RangeError('no third');
}

export async function* unsendable(): AsyncGenerator<unknown> {
  yield 'first';
  yield () => {};
}

export async function* movedItems(count: number): AsyncGenerator<unknown> {
  for (let i = 1; i <= count; i++) yield move(new Uint8Array(i));
}

/** One item, then it waits for ever. */
export async function* stuckStream(): AsyncGenerator<string> {
  yield 'only';
  await new Promise(() => {});
}

/** The name and the abortion of its own task, from within the generator. */
export async function* ownTask(gate: Int32Array): AsyncGenerator<string> {
  const { name, signal } = currentTask();
  signal.addEventListener('abort', () => Atomics.add(gate, 1, 1));
  yield name;
  await new Promise((resolve) => signal.addEventListener('abort', resolve));
}

/** A channel: each item twice. */
export async function* twice(items: AsyncIterable<number>): AsyncGenerator<number> {
  for await (const item of items) {
    yield item;
    yield item;
  }
}

/** A channel that reads two items and answers with their sum. */
export async function* sumOfTwo(items: AsyncIterable<number>): AsyncGenerator<number> {
  let sum = 0;
  let read = 0;
  for await (const item of items) {
    sum += item;
    if (++read === 2) break;
  }
  yield sum;
}

/** What reading its channel threw, as text. */
export async function* tellsFailure(items: AsyncIterable<number>): AsyncGenerator<string> {
  try {
    for await (const item of items) yield String(item);
    yield 'complete';
  } catch (error) {
    yield `${(error as Error).name}: ${(error as Error).message}`;
  }
}

/** Calls handlers of the parent. */
export async function callParent({ name, value }: { name: string; value: unknown }): Promise<unknown> {
  return currentTask().parent.run(name, value);
}

export async function streamFromParent(count: number): Promise<number> {
  let sum = 0;
  for await (const item of currentTask().parent.requestStream('numbers', count)) sum += item as number;
  return sum;
}

/** Takes one item of an endless stream and leaves. */
export async function firstFromParent(name: string): Promise<unknown> {
  for await (const item of currentTask().parent.requestStream(name)) return item;
  return undefined;
}

export async function abortedParentCall(name: string): Promise<string> {
  const { parent } = currentTask();
  const controller = new AbortController();
  const call = parent.run(name, undefined, { signal: controller.signal });
  setTimeout(() => controller.abort('changed my mind'), 10);
  return call.then(
    () => 'answered',
    (reason) => `aborted: ${reason}`,
  );
}

export function tellParent(text: string): void {
  parentPort?.postMessage(text);
}

/** Memory that the caller gets as it lies. */
export function filled({ length, byte }: { length: number; byte: number }): unknown {
  const pooled = currentTask().allocate(length);
  pooled.buffer.bytes.fill(byte, pooled.offset, pooled.offset + length);
  return pooled;
}

/** The sum of the bytes. */
export function sumOf(bytes: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < bytes.length; i++) sum += bytes[i] as number;
  return sum;
}

export function taskName(): string {
  return currentTask().name;
}

export async function lateTask(): Promise<unknown> {
  await null;
  return currentTask();
}

/** Something that the serializer of the specs fails at. */
export function faulty(fault: string): unknown {
  return { fault };
}

/** Posts to the port that was sent along. */
export function sendBy({ port }: { port: NodeMessagePort }): string {
  port.postMessage('hello');
  return 'sent';
}

/** Adds one to the first word of `counter`, and returns 400,000 bytes. */
export function large(counter: Int32Array): Uint8Array {
  Atomics.add(counter, 0, 1);
  return new Uint8Array(400_000).fill(5);
}
