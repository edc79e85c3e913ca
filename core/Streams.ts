/** The streams of one connection: their table, their ids, and the pool that their objects come from. */
import { type CounterBlock, LinkCounter } from '../counters/index.ts';
import { addDemand, MAX_REQUEST_N } from './Demand.ts';
import { Stream, UNBOUNDED_DEMAND } from './Stream.ts';
import type { StreamSubscriber } from './StreamSubscriber.ts';
import { StreamTable } from './StreamTable.ts';

const MAX_STREAM_ID = 0x7fffffff;
/** Stream objects kept for reuse; more than that go to the garbage collector. */
const MAX_POOLED_STREAMS = 4_096;

export class Streams {
  /** Called when the last stream has been removed. */
  onEmpty: (() => void) | undefined = undefined;
  readonly #table: StreamTable = new StreamTable();
  readonly #pool: Stream[] = [];
  readonly #counters: CounterBlock;
  readonly #maxStreams: number;
  #nextId: number;

  /** @param firstStreamId 1 for who made the connection, 2 for who accepted it; tests begin near the end of the ids */
  constructor(firstStreamId: number, maxStreams: number, counters: CounterBlock) {
    this.#nextId = firstStreamId;
    this.#maxStreams = maxStreams;
    this.#counters = counters;
  }

  get size(): number {
    return this.#table.size;
  }

  get isFull(): boolean {
    return this.#table.size >= this.#maxStreams;
  }

  get(id: number): Stream | undefined {
    return this.#table.get(id);
  }

  /**
   * A free id of this side: odd or even by turns of two, wrapping past 2^31 - 1 and skipping those in use. It stays the
   * next one until `takeId`.
   */
  nextId(): number {
    let id = this.#nextId;
    while (this.#table.size !== 0 && this.#table.get(id) !== undefined) id = following(id);
    this.#nextId = id;
    return id;
  }

  /** A request was sent by the next id. */
  takeId(): void {
    this.#nextId = following(this.#nextId);
  }

  /** True if `id` is one that the peer may begin a stream with. */
  isPeers(id: number): boolean {
    return (id & 1) !== (this.#nextId & 1);
  }

  open(id: number, state: number, subscriber: StreamSubscriber): Stream {
    const stream = this.#pool.pop() ?? new Stream();
    stream.open(id, state, subscriber);
    this.#table.add(stream);
    this.#counters.add(LinkCounter.STREAMS_OPENED, 1);
    return stream;
  }

  /** The peer grants `n` more items. */
  addDemand(stream: Stream, n: number): void {
    if (n === MAX_REQUEST_N) stream.state |= UNBOUNDED_DEMAND;
    stream.demand = addDemand(stream.demand, n);
    this.#counters.add(LinkCounter.CREDIT_RECEIVED, n);
  }

  remove(stream: Stream): void {
    this.#table.remove(stream.id);
    this.#counters.add(LinkCounter.STREAMS_CLOSED, 1);
    if (stream.granted > 0) this.#counters.add(LinkCounter.CREDIT_GRANTED_SPENT, stream.granted);
    if (stream.demand > 0) this.#counters.advanceBy(LinkCounter.CREDIT_RECEIVED_SPENT, stream.demand);
    stream.recycle();
    if (this.#pool.length < MAX_POOLED_STREAMS) this.#pool.push(stream);
    if (this.onEmpty !== undefined && this.#table.size === 0) this.onEmpty();
  }

  /** The streams that are open, as a copy. Allocates. */
  all(): Stream[] {
    return this.#table.all();
  }
}

function following(id: number): number {
  if (id < MAX_STREAM_ID - 1) return id + 2;
  return (id & 1) === 1 ? 1 : 2;
}
