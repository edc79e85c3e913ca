import { decodePayload } from 'flysocket/codec';
import { Peer, type PeerOptions } from 'flysocket/core';
import {
  DirectBuffer,
  ErrorFlyweight,
  FrameFlag,
  FrameHeaderFlyweight,
  FrameType,
  PayloadFlyweight,
  RequestNFlyweight,
  type RSocketError,
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
  /** Of REQUEST_N, REQUEST_STREAM and REQUEST_CHANNEL; else 0. */
  readonly n: number;
  /** Of ERROR; else 0. */
  readonly errorCode: number;
  /** Data as text, or the message of an ERROR. */
  readonly text: string;
}

const SCRATCH_LENGTH = 65_536;
const NAMES = new Map<number, string>(Object.entries(FrameType).map(([name, type]) => [type, name]));

/** The other end of a peer's connection, where a test writes and reads the frames by hand. */
export class RawEnd implements FrameHandler {
  readonly frames: RawFrame[] = [];
  readonly closedWith: (RSocketError | undefined)[] = [];
  readonly #connection: DuplexConnection;
  readonly #scratch: DirectBuffer = new DirectBuffer(new ArrayBuffer(SCRATCH_LENGTH));

  constructor(connection: DuplexConnection) {
    this.#connection = connection;
    connection.receive(this);
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
      n: hasN(type) ? RequestNFlyweight.requestN(buffer, offset) : 0,
      errorCode: type === FrameType.ERROR ? ErrorFlyweight.errorCode(buffer, offset) : 0,
      text: textOf(type, buffer, offset, length),
    });
  }

  onWritable(): void {}

  onClosed(error: RSocketError | undefined): void {
    this.closedWith.push(error);
  }
}

function hasN(type: number): boolean {
  return type === FrameType.REQUEST_N || type === FrameType.REQUEST_STREAM || type === FrameType.REQUEST_CHANNEL;
}

function textOf(type: number, buffer: DirectBuffer, offset: number, length: number): string {
  if (type === FrameType.ERROR) {
    const dataOffset = ErrorFlyweight.DATA_FIELD_OFFSET;
    return buffer.getUtf8(offset + dataOffset, length - dataOffset);
  }
  if (type === FrameType.REQUEST_N || type === FrameType.CANCEL) return '';
  const payload = new PayloadFlyweight();
  decodePayload(buffer, offset, length, payload);
  return payload.dataUtf8();
}

function describeFrame({ type, streamId, flags, n, errorCode, text }: RawFrame): string {
  const letters =
    ((flags & FrameFlag.NEXT) !== 0 && type === FrameType.PAYLOAD ? 'N' : '') +
    ((flags & FrameFlag.COMPLETE) !== 0 ? 'C' : '') +
    ((flags & FrameFlag.FOLLOWS) !== 0 ? 'F' : '');
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
  const peer = new Peer(right, { firstStreamId: 2, pool, onUncaught, ...options });
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
