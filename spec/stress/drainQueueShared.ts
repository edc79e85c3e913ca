import type { DirectBuffer } from 'flysocket/flyweight';
import type { DrainQueue } from 'flysocket/shm-transport';

/** What the threads of one round share beside the queue. */
export interface Round {
  readonly queue: SharedArrayBuffer;
  /** Control words, see the constants below. */
  readonly words: Int32Array;
  /** How often each message was handled: producer * messages + sequence number. */
  readonly handled: Int32Array;
  /** 1 for each message whose offer returned true. */
  readonly offered: Int32Array;
  /** Messages that one producer offers at most. */
  readonly messages: number;
}

/** Threads that have begun. */
export const BEGUN = 0;
/** Set by the main thread: begin, or stop. */
export const GO = 1;
export const STOP = 2;
/** Threads within a handler, and the most there ever were. */
export const INSIDE = 3;
export const MOST_INSIDE = 4;
/** Messages whose bytes were not what was offered, and messages before an earlier one of the same producer. */
export const TORN = 5;
export const OUT_OF_ORDER = 6;
/** Set by a thread that is where it is to be terminated. */
export const STUCK = 7;
/** The last sequence number handled of each producer, plus 1. */
export const LAST = 16;
const WORDS = 64;

export const GATE_TIMEOUT_MS = 10_000;

export function makeRound(queueLength: number, producers: number, messages: number): Round {
  const int32s = (length: number): Int32Array => new Int32Array(new SharedArrayBuffer(length * 4));
  return {
    queue: new SharedArrayBuffer(queueLength),
    words: int32s(WORDS),
    handled: int32s(producers * messages),
    offered: int32s(producers * messages),
    messages,
  };
}

/** Message: producer, sequence number, then bytes that follow from both; 8 to 119 bytes. */
export function writeMessage(target: DirectBuffer, producer: number, sequence: number): number {
  const length = 8 + ((sequence * 37 + producer * 11) % 112);
  target.putInt32(0, producer);
  target.putInt32(4, sequence);
  for (let i = 8; i < length; i++) target.putUint8(i, (sequence * 31 + producer + i) & 0xff);
  return length;
}

/** A handler that notes everything that could be wrong about a message, and who else is handling one. */
export function recorder({
  words,
  handled,
  messages,
}: Round): (type: number, buffer: DirectBuffer, index: number, length: number) => void {
  return (_type, buffer, index, length) => {
    const inside = Atomics.add(words, INSIDE, 1) + 1;
    if (inside > Atomics.load(words, MOST_INSIDE)) Atomics.store(words, MOST_INSIDE, inside);
    const producer = buffer.getInt32(index);
    const sequence = buffer.getInt32(index + 4);
    let isWhole = length === 8 + ((sequence * 37 + producer * 11) % 112);
    for (let i = 8; i < length && isWhole; i++) {
      isWhole = buffer.getUint8(index + i) === ((sequence * 31 + producer + i) & 0xff);
    }
    if (!isWhole) Atomics.add(words, TORN, 1);
    else {
      if (Atomics.exchange(words, LAST + producer, sequence + 1) > sequence + 1) Atomics.add(words, OUT_OF_ORDER, 1);
      Atomics.add(handled, producer * messages + sequence, 1);
    }
    Atomics.sub(words, INSIDE, 1);
  };
}

/** What each thread does: offer, then drain, and if the queue is full drain and try again. */
export function offerAndDrain(round: Round, queue: DrainQueue, source: DirectBuffer, producer: number): void {
  const { words, offered, messages } = round;
  const record = recorder(round);
  for (let sequence = 0; sequence < messages; sequence++) {
    const length = writeMessage(source, producer, sequence);
    while (!queue.offer(1, source, 0, length)) {
      queue.drain(record);
      if (Atomics.load(words, STOP) !== 0) return;
    }
    Atomics.store(offered, producer * messages + sequence, 1);
    queue.drain(record);
    if (Atomics.load(words, STOP) !== 0) return;
  }
}

export function waitForGo(words: Int32Array): void {
  Atomics.add(words, BEGUN, 1);
  if (Atomics.wait(words, GO, 0, GATE_TIMEOUT_MS) === 'timed-out') {
    throw new Error(`the round did not begin within ${GATE_TIMEOUT_MS} ms`);
  }
}
