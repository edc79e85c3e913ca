import { decodePayload } from 'flysocket/codec';
import { Peer, type PeerOptions } from 'flysocket/core';
import {
  DirectBuffer,
  ErrorFlyweight,
  FrameFlag,
  FrameHeaderFlyweight,
  FrameType,
  KeepAliveFlyweight,
  LeaseFlyweight,
  MetadataPushFlyweight,
  PayloadFlyweight,
  RequestNFlyweight,
  type RSocketError,
  SetupFlyweight,
} from 'flysocket/flyweight';
import { BufferPool } from 'flysocket/pool';
import { type DuplexConnection, type FrameHandler, InProcessConnection } from 'flysocket/transport';
import { HandCrank } from '../tck/HandCrank.ts';

/** A frame that a peer sent, taken apart. */
export interface RawFrame {
  readonly type: number;
  readonly streamId: number;
  readonly flags: number;
  readonly length: number;
  /** Of REQUEST_N, REQUEST_STREAM and REQUEST_CHANNEL; the position of a KEEPALIVE; else 0. */
  readonly n: number;
  /** Of ERROR; else 0. */
  readonly errorCode: number;
  /** Data as text; the message of an ERROR, the terms of a LEASE, the metadata of a METADATA_PUSH. */
  readonly text: string;
}

const SCRATCH_LENGTH = 131_072;
const NAMES = new Map<number, string>(Object.entries(FrameType).map(([name, type]) => [type, name]));

/** The other end of a peer's connection, where a test writes and reads the frames by hand. */
export class RawEnd implements FrameHandler {
  readonly frames: RawFrame[] = [];
  readonly closedWith: (RSocketError | undefined)[] = [];
  readonly #connection: DuplexConnection;
  readonly #scratch: DirectBuffer = new DirectBuffer(new ArrayBuffer(SCRATCH_LENGTH));

  /** @param isDeaf it never reads, and does not notice its end either */
  constructor(connection: DuplexConnection, isDeaf = false) {
    this.#connection = connection;
    if (!isDeaf) connection.receive(this);
  }

  /** Sends what `encode` writes at `offset`; it returns the length. @returns false if there was no room */
  send(encode: (buffer: DirectBuffer, offset: number) => number): boolean {
    const length = encode(this.#scratch, 0);
    const index = this.#connection.tryClaim(length, 0);
    if (index < 0) return false;
    this.#connection.buffer.putBuffer(index, this.#scratch, 0, length);
    this.#connection.commit(index);
    return true;
  }

  sendBytes(bytes: Uint8Array): boolean {
    return this.send((buffer, offset) => {
      buffer.putBytes(offset, bytes);
      return bytes.length;
    });
  }

  close(error?: RSocketError): void {
    this.#connection.close(error);
  }

  /** Takes out the frames that have come, as short texts: `PAYLOAD 1 NC data`, `REQUEST_N 1 5`, `ERROR 0 101 why`. */
  take(): string[] {
    return this.frames.splice(0).map(describeFrame);
  }

  onFrame(buffer: DirectBuffer, offset: number, length: number): void {
    const type = FrameHeaderFlyweight.type(buffer, offset);
    this.frames.push({
      type,
      streamId: FrameHeaderFlyweight.streamId(buffer, offset),
      flags: FrameHeaderFlyweight.flags(buffer, offset),
      length,
      n: numberIn(type, buffer, offset),
      errorCode: type === FrameType.ERROR ? ErrorFlyweight.errorCode(buffer, offset) : 0,
      text: textOf(type, buffer, offset, length),
    });
  }

  onWritable(): void {}

  onClosed(error: RSocketError | undefined): void {
    this.closedWith.push(error);
  }
}

function numberIn(type: number, buffer: DirectBuffer, offset: number): number {
  switch (type) {
    case FrameType.REQUEST_N:
    case FrameType.REQUEST_STREAM:
    case FrameType.REQUEST_CHANNEL:
      return RequestNFlyweight.requestN(buffer, offset);
    case FrameType.KEEPALIVE:
      return KeepAliveFlyweight.lastReceivedPosition(buffer, offset);
    default:
      return 0;
  }
}

function textOf(type: number, buffer: DirectBuffer, offset: number, length: number): string {
  const textFrom = (at: number): string => buffer.getUtf8(offset + at, length - at);
  if (type === FrameType.ERROR) return textFrom(ErrorFlyweight.DATA_FIELD_OFFSET);
  if (type === FrameType.KEEPALIVE) return textFrom(KeepAliveFlyweight.DATA_FIELD_OFFSET);
  if (type === FrameType.METADATA_PUSH) return textFrom(MetadataPushFlyweight.METADATA_FIELD_OFFSET);
  if (type === FrameType.LEASE) {
    return `${LeaseFlyweight.numberOfRequests(buffer, offset)} in ${LeaseFlyweight.timeToLiveMs(buffer, offset)} ms`;
  }
  if (type === FrameType.REQUEST_N || type === FrameType.CANCEL) return '';
  const payload = new PayloadFlyweight();
  if (type === FrameType.SETUP) {
    const setup = new SetupFlyweight().wrap(buffer, offset, length);
    return payload.wrapData(buffer, setup.dataOffset, setup.dataLength).dataUtf8();
  }
  decodePayload(buffer, offset, length, payload);
  return payload.dataUtf8();
}

function describeFrame({ type, streamId, flags, n, errorCode, text }: RawFrame): string {
  const [completeOrLease, followsOrRespond] = streamId === 0 ? ['L', 'R'] : ['C', 'F'];
  const letters =
    ((flags & FrameFlag.NEXT) !== 0 && type === FrameType.PAYLOAD ? 'N' : '') +
    ((flags & FrameFlag.COMPLETE) !== 0 ? completeOrLease : '') +
    ((flags & FrameFlag.FOLLOWS) !== 0 ? followsOrRespond : '');
  const parts = [NAMES.get(type), streamId, letters, n === 0 ? '' : n, errorCode === 0 ? '' : errorCode.toString(16)];
  return [...parts, text].filter((part) => part !== '').join(' ');
}

export interface RawScene {
  readonly peer: Peer;
  readonly raw: RawEnd;
  readonly crank: HandCrank;
  readonly pool: BufferPool;
  /** What handlers and subscribers threw. */
  readonly uncaught: unknown[];
}

/** A peer at one end of an in-process pair, with even stream ids unless `options` say else, and the raw other end. */
export function rawScene(options: Partial<PeerOptions> = {}, capacity = 65_536): RawScene {
  const crank = new HandCrank();
  const [left, right] = InProcessConnection.pair({ schedule: crank.schedule, capacity });
  const pool = new BufferPool({ tracking: true, slabBytes: 8_192 });
  const uncaught: unknown[] = [];
  const onUncaught = (error: unknown): void => {
    uncaught.push(error);
  };
  const raw = new RawEnd(left);
  const unlimited = Number.POSITIVE_INFINITY;
  const rates = { maxCancelsPerSecond: unlimited, maxProvokedErrorsPerSecond: unlimited };
  const peer = new Peer(right, { firstStreamId: 2, pool, onUncaught, ...rates, ...options });
  crank.run();
  return { peer, raw, crank, pool, uncaught };
}

/** A payload of that text. */
export function payloadOf(text: string): PayloadFlyweight {
  const bytes = new TextEncoder().encode(text);
  return new PayloadFlyweight().wrapData(new DirectBuffer(bytes), 0, bytes.length);
}

/** A payload of `length` bytes, each the character `letter`. */
export function longPayload(length: number, letter = 'x'): PayloadFlyweight {
  return payloadOf(letter.repeat(length));
}
