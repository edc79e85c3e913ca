/** A worker file as piscina's users write it: it knows nothing of flysocket. */
import { getPriority } from 'node:os';
import {
  isMainThread,
  type MessagePort,
  workerData as nodeWorkerData,
  parentPort,
  resourceLimits,
  threadId,
} from 'node:worker_threads';
import { isWorkerThread, move, Piscina, transferableSymbol, valueSymbol, version, workerData } from 'piscina';

function echo(value: unknown): unknown {
  return value;
}

export { echo as default };

export function argumentCount(...values: unknown[]): number {
  return values.length;
}

export function receiver(this: unknown): string {
  return typeof this;
}

export async function later(value: unknown): Promise<unknown> {
  await new Promise((resolve) => setImmediate(resolve));
  return value;
}

export const notAFunction = 5;

/** A function that is exported as a promise. */
export const initialized: Promise<(value: number) => number> = Promise.resolve((value: number) => value * 3);

/** What a task can see of where it runs. */
export function surroundings(): unknown {
  return {
    isWorkerThread,
    isWorkerThreadOfClass: Piscina.isWorkerThread,
    isMainThread,
    version,
    workerData,
    workerDataOfClass: Piscina.workerData,
    workerDataOfNode: nodeWorkerData,
    argv: process.argv.slice(2),
    execArgv: process.execArgv,
    env: process.env['FLYSOCKET_SPEC'],
    stackSizeMb: resourceLimits?.stackSizeMb,
    priority: getPriority(),
  };
}

export function setEnvironment(value: string): void {
  process.env['FLYSOCKET_SPEC'] = value;
}

export function whoAmI(): number {
  return threadId;
}

/** Holds its thread from word 0 to word 1 of `gate`. */
export function hold(gate: Int32Array): number {
  const order = Atomics.add(gate, 0, 1);
  Atomics.wait(gate, 1, 0, 5_000);
  return order;
}

/** As `hold`, without holding the thread. */
export async function holdAsync(gate: Int32Array): Promise<number> {
  const order = Atomics.add(gate, 0, 1);
  while (Atomics.load(gate, 1) === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  return order;
}

export function spin(gate: Int32Array): never {
  Atomics.add(gate, 0, 1);
  for (;;) Atomics.load(gate, 0);
}

/** Does nothing in particular for that long. */
export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Returns at once, and leaves a timer behind. */
export function leaveTimer(gate: Int32Array): void {
  setTimeout(() => Atomics.add(gate, 0, 1), 0);
}

// Values

/** Of a view: where it lies and what is around it. */
export function layout(view: Uint8Array): unknown {
  return { type: view.constructor.name, offset: view.byteOffset, length: view.length, around: view.buffer.byteLength };
}

/** The bytes, beginning at index 2, of a buffer of 8 bytes. */
export function partOfBuffer(): Uint8Array {
  return new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]).subarray(2, 5);
}

export function lengthOf(value: ArrayBuffer | Uint8Array): number {
  return value.byteLength;
}

/** Answers over a port that came along. */
export function answerOn({ port }: { port: MessagePort }): void {
  port.postMessage('through the port');
  port.close();
}

let kept = new ArrayBuffer(0);

export function moveBuffer(length: number): unknown {
  kept = new ArrayBuffer(length);
  return move(kept);
}

export function moveView(length: number): unknown {
  const view = new Uint16Array(length).fill(7);
  kept = view.buffer;
  return move(view);
}

export function moveOn(value: Uint8Array): unknown {
  return move(value);
}

export function copyBuffer(length: number): unknown {
  kept = new ArrayBuffer(length);
  return kept;
}

/** What is left of the buffer that was returned last. */
export function keptLength(): number {
  return kept.byteLength;
}

/** Something with its own opinion of what is transferred and what arrives. */
class Parcel {
  readonly inner: ArrayBuffer = new ArrayBuffer(16);

  constructor() {
    kept = this.inner;
  }

  get [transferableSymbol](): object {
    return [this.inner];
  }

  get [valueSymbol](): object {
    return { label: 'parcel', inner: this.inner };
  }
}

export function moveParcel(): unknown {
  return move(new Parcel());
}

/** Not marked by `move`: then it is an object like others. */
export function returnParcel(): unknown {
  return new Parcel();
}

export function moveWithin(): unknown {
  return { inner: move(new ArrayBuffer(4)) };
}

export function movePort(): unknown {
  const { port1, port2 } = new MessageChannel();
  port1.postMessage('it came');
  return move(port2 as unknown as Parameters<typeof move>[0]);
}

export function returnFunction(): unknown {
  return () => {};
}

// Errors

class OwnError extends TypeError {
  override readonly name: string = 'OwnError';
  readonly code = 'E_OWN';
}

const THROWN: Record<string, () => unknown> = {
  error: () => new Error('plain'),
  range: () => new RangeError('out of range', { cause: new TypeError('the cause') }),
  own: () => new OwnError('of its own'),
  aggregate: () => new AggregateError([new Error('inner')], 'several'),
  dom: () => new DOMException('of the web', 'TimeoutError'),
  text: () => 'only text',
  number: () => 42,
  object: () => ({ status: 404 }),
  undefined: () => undefined,
  null: () => null,
  function: () => () => {},
};

export function fail(what: string): never {
  throw THROWN[what]?.();
}

export async function reject(what: string): Promise<never> {
  await null;
  throw THROWN[what]?.();
}

export function exit(code: number): never {
  process.exit(code);
}

/** Its thread dies of it. */
export function throwLater(gate: Int32Array): Promise<never> {
  Atomics.add(gate, 0, 1);
  setTimeout(() => {
    throw new RangeError('nobody caught this');
  }, 0);
  return new Promise(() => {});
}

/** As `throwLater`, by a rejection that nobody handles. */
export function rejectLater(): Promise<never> {
  Promise.reject(new RangeError('nobody handled this'));
  return new Promise(() => {});
}

/** Returns; its thread dies of what it left behind when word 1 of `gate` is set. */
export function throwAfterwards(gate: Int32Array): void {
  setInterval(() => {
    if (Atomics.load(gate, 1) === 1) throw new RangeError('nobody was left to catch this');
  }, 1);
}

export function exhaustMemory(): number {
  const hoard: unknown[] = [];
  for (;;) hoard.push([hoard]);
}

// Messages

export function tellParent(message: unknown): void {
  parentPort?.postMessage(message);
}

/** From then on its thread answers to whatever is said there. */
export function listen(name: string): void {
  const channel = new BroadcastChannel(name);
  channel.onmessage = ({ data }) => channel.postMessage(`heard: ${data}`);
}
