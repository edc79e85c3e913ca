import { IGNORING_SUBSCRIBER, type StreamSubscriber } from 'flysocket/core';
import { DirectBuffer, PayloadFlyweight, type RSocketError } from 'flysocket/flyweight';
import { connectWorker, type WorkerPeer } from 'flysocket/shm-transport';
import { BACK_PRESSURED } from 'flysocket/transport';
import { DATA_LENGTH } from '../request-response/RequestContender.ts';
import { ThreadRequests } from '../request-response/ThreadRequests.ts';
import { FIRST, LAST, LENGTH, MIDDLE } from './answer.ts';
import { growth, type MemoryInUse, memoryInUse, memoryOfWorker, NO_MEMORY, together } from './memoryInUse.ts';

export interface ScaledRequestsOptions {
  readonly batch: number;
  /** Requests under way at a time, on all links together. Default 256. */
  readonly inFlight?: number;
  /** Links to the one other thread, which take turns. Default 1. */
  readonly links?: number;
  /** Streams that are open on the first link, and silent. Default 0. */
  readonly openStreams?: number;
  /** Bytes of a request's data, three or more. Default 128; the answer has always so many. */
  readonly dataLength?: number;
  /** Requests to check the answers by. Default 1,000. */
  readonly verified?: number;
  /** Whether it finds out what links and streams take in memory, which takes a while. Default false. */
  readonly looksAtMemory?: boolean;
}

const IN_FLIGHT = 256;
const VERIFIED_REQUESTS = 1_000;
const OPENED_PER_TURN = 2_000;
/** What the stream table has room for besides the silent streams. */
const SPARE_STREAMS = 4_096;
const OTHER_LISTENERS = 10;

/** Requests on the low level, with more of this or that than usual; finds out what that takes in memory, if told to. */
export class ScaledRequests extends ThreadRequests {
  readonly #options: Required<ScaledRequestsOptions>;
  readonly #source: DirectBuffer;
  readonly #payload: PayloadFlyweight = new PayloadFlyweight();
  #links: RequestLink[] = [];
  #turn = 0;
  #memoryOfLinks: MemoryInUse = NO_MEMORY;
  #memoryOfStreams: MemoryInUse = NO_MEMORY;

  constructor(name: string, options: ScaledRequestsOptions) {
    const usual = {
      inFlight: IN_FLIGHT,
      links: 1,
      openStreams: 0,
      dataLength: DATA_LENGTH,
      verified: VERIFIED_REQUESTS,
      looksAtMemory: false,
    };
    const all = { ...usual, ...options };
    const { inFlight, batch, links, openStreams } = all;
    const workerData = { links, maxStreams: openStreams + SPARE_STREAMS };
    super(name, inFlight, batch, new URL('./scaleResponder.worker.js', import.meta.url), workerData);
    this.#options = all;
    this.#source = new DirectBuffer(new ArrayBuffer(all.dataLength));
    this.#payload.wrapData(this.#source, 0, all.dataLength);
  }

  /** What all links took, in both threads. */
  get memoryOfLinks(): MemoryInUse {
    return this.#memoryOfLinks;
  }

  /** What all silent streams took, in both threads. */
  get memoryOfStreams(): MemoryInUse {
    return this.#memoryOfStreams;
  }

  override async open(): Promise<void> {
    await super.open();
    // Each link listens for the worker's end.
    this.thread.worker.setMaxListeners(this.#options.links + OTHER_LISTENERS);
    const before = await this.#memory();
    await this.#openLinks();
    const linked = await this.#memory();
    await this.#openStreams();
    const streaming = await this.#memory();
    this.#memoryOfLinks = growth(before, linked);
    this.#memoryOfStreams = growth(linked, streaming);
  }

  protected override send(sequence: number): void {
    const source = this.#source;
    const last = source.capacity - 1;
    source.putUint8(0, sequence);
    source.putUint8(last >>> 1, sequence >>> 8);
    source.putUint8(last, sequence);
    const link = this.#links[this.#turn] as RequestLink;
    this.#turn = this.#turn + 1 === this.#links.length ? 0 : this.#turn + 1;
    if (!link.send(sequence, this.#payload)) link.peer.zeroCopy.whenWritable(() => this.send(sequence));
  }

  /** @internal Takes the answer to request `sequence`. */
  take(sequence: number, { dataBuffer, dataOffset, dataLength }: PayloadFlyweight): void {
    const isRight =
      dataBuffer.getUint8(dataOffset + MIDDLE) === ((sequence >>> 8) & 0xff) &&
      dataBuffer.getUint8(dataOffset + LAST) === (sequence & 0xff) &&
      dataBuffer.getInt32Native(dataOffset + LENGTH) === this.#options.dataLength;
    if (!isRight) this.failed(new Error(`${this.name}: other bytes arrived than were sent in request ${sequence}`));
    else this.answered(sequence, dataBuffer.getUint8(dataOffset + FIRST), dataLength);
  }

  /** @internal */
  fail(error: unknown): void {
    this.failed(error);
  }

  override async verify(): Promise<void> {
    await this.run(this.#options.verified);
  }

  override async close(): Promise<void> {
    // To close would wait for the streams, which are there to stay.
    for (const { peer } of this.#links) peer.destroy();
    this.#links = [];
    await super.close();
  }

  async #openLinks(): Promise<void> {
    const { links, openStreams } = this.#options;
    const options = { maxStreams: openStreams + SPARE_STREAMS };
    for (let link = 0; link < links; link++) {
      const peer = await connectWorker(this.thread.worker, { ...options, name: `${this.name} ${link}` });
      this.#links.push(new RequestLink(this, peer));
    }
    await this.run(links);
  }

  async #openStreams(): Promise<void> {
    const { openStreams } = this.#options;
    const { zeroCopy } = (this.#links[0] as RequestLink).peer;
    const empty = new PayloadFlyweight().wrapData(this.#source, 0, 0);
    for (let opened = 0; opened < openStreams; ) {
      const end = Math.min(openStreams, opened + OPENED_PER_TURN);
      for (; opened < end; opened++) {
        const streamId = zeroCopy.requestStream(empty, 1, IGNORING_SUBSCRIBER);
        if (streamId <= 0) throw new Error(`${this.name}: stream ${opened} was refused: ${streamId}`);
      }
      await this.run(this.#options.links);
    }
    if (zeroCopy.openStreams !== openStreams) throw new Error(`${this.name}: ${zeroCopy.openStreams} streams are open`);
  }

  async #memory(): Promise<MemoryInUse> {
    if (!this.#options.looksAtMemory) return NO_MEMORY;
    const there = await memoryOfWorker(this.thread.worker);
    return together(memoryInUse(), there);
  }
}

const SEQUENCES = 1 << 16;

/** One link, and the requests that are under way on it. */
class RequestLink implements StreamSubscriber {
  readonly peer: WorkerPeer;
  readonly #owner: ScaledRequests;
  /** The sequence numbers of the requests in flight, by stream id. */
  readonly #sequences: Int32Array = new Int32Array(SEQUENCES);

  constructor(owner: ScaledRequests, peer: WorkerPeer) {
    this.#owner = owner;
    this.peer = peer;
  }

  /** @returns false if there is no room for now */
  send(sequence: number, payload: PayloadFlyweight): boolean {
    const streamId = this.peer.zeroCopy.requestResponse(payload, this);
    if (streamId > 0) this.#sequences[(streamId >>> 1) & (SEQUENCES - 1)] = sequence;
    else if (streamId === BACK_PRESSURED) return false;
    else this.#owner.fail(new Error(`request ${sequence} was refused: ${streamId}`));
    return true;
  }

  onNext(payload: PayloadFlyweight, streamId: number): void {
    this.#owner.take(this.#sequences[(streamId >>> 1) & (SEQUENCES - 1)] as number, payload);
  }

  onError(error: RSocketError): void {
    this.#owner.fail(error);
  }

  onComplete(): void {}
  onRequestN(): void {}
  onWritable(): void {}
  onCancel(): void {}
}
