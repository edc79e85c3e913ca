/**
 * The streams that were refused room: who has waited longest is told first, who is refused again queues behind. A ring
 * of ids, which grows to twice the streams that wait; ended ones are skipped, or forgotten when it is full.
 */
import type { Inbound } from './Inbound.ts';
import { BLOCKED, OUTBOUND_OPEN, type Stream } from './Stream.ts';
import type { Streams } from './Streams.ts';

/** State of a stream that is owed `onWritable` and can still make use of it. */
const WANTS_ROOM = BLOCKED | OUTBOUND_OPEN;
/** A power of two. */
const INITIAL_LENGTH = 8;

export class BlockedStreams {
  readonly #streams: Streams;
  #ids: Int32Array = new Int32Array(INITIAL_LENGTH);
  #first = 0;
  #count = 0;
  #refusedAgain = false;

  constructor(streams: Streams) {
    this.#streams = streams;
  }

  add(stream: Stream): void {
    this.#refusedAgain = true;
    if ((stream.state & BLOCKED) !== 0) return;
    stream.state |= BLOCKED;
    if (this.#count === this.#ids.length) this.#makeRoom();
    const ids = this.#ids;
    ids[(this.#first + this.#count) & (ids.length - 1)] = stream.id;
    this.#count++;
  }

  /** There is room: tells one after the other, until one of them is refused again. */
  signal(inbound: Inbound): void {
    this.#refusedAgain = false;
    for (let left = this.#count; left > 0 && !this.#refusedAgain; left--) {
      const ids = this.#ids;
      const stream = this.#streams.get(ids[this.#first] as number);
      this.#first = (this.#first + 1) & (ids.length - 1);
      this.#count--;
      if (!wantsRoom(stream)) continue;
      stream.state &= ~BLOCKED;
      inbound.signalWritable(stream);
    }
  }

  #makeRoom(): void {
    const ids = this.#ids;
    const mask = ids.length - 1;
    let kept = 0;
    for (let i = 0; i < ids.length; i++) {
      const id = ids[(this.#first + i) & mask] as number;
      if (wantsRoom(this.#streams.get(id))) ids[(this.#first + kept++) & mask] = id;
    }
    this.#count = kept;
    if (kept * 2 <= ids.length) return;
    const grown = new Int32Array(ids.length * 2);
    for (let i = 0; i < kept; i++) grown[i] = ids[(this.#first + i) & mask] as number;
    this.#ids = grown;
    this.#first = 0;
  }
}

function wantsRoom(stream: Stream | undefined): stream is Stream {
  return stream !== undefined && (stream.state & WANTS_ROOM) === WANTS_ROOM;
}
