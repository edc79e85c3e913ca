/**
 * Whether the peer lives (spec: "KEEPALIVE Frame"). A client asks at its interval, a server answers; both count any
 * byte that arrives as a sign of life, and end the connection when none has come for the lifetime of the SETUP.
 *
 * Silence is judged at ticks of a timer, so that a frame costs nothing here. A tick that comes late, because this
 * thread was busy or asleep, judges nobody: what the peer sent meanwhile may not have been read yet.
 */
import { encodeKeepAlive, lengthOfKeepAlive } from '../codec/index.ts';
import { type CounterBlock, LinkCounter } from '../counters/index.ts';
import { type DirectBuffer, EMPTY_BUFFER, ErrorCode, RSocketError } from '../flyweight/index.ts';
import type { BufferPool, PooledBuffer } from '../pool/index.ts';
import type { DuplexConnection } from '../transport/index.ts';
import type { Clock } from './Clock.ts';
import { MAX_KEEP_ALIVE_DATA_LENGTH } from './limits.ts';
import type { Outbound } from './Outbound.ts';
import type { Positions } from './PeerOptions.ts';
import { NO_KEEP_ALIVE_MS } from './Setup.ts';

/** A tick so late is none, or one that is late by a whole tick. */
const STALL_MS = 500;
/** Ticks within a lifetime, at least. */
const TICKS_PER_LIFETIME = 4;

export class KeepAlive {
  readonly #connection: DuplexConnection;
  readonly #outbound: Outbound;
  readonly #pool: BufferPool;
  readonly #clock: Clock;
  readonly #counters: CounterBlock;
  readonly #positions: Positions | undefined;
  readonly #onDead: (error: RSocketError) => void;
  readonly #onTick: () => void;
  /** 0 for a side that only answers. */
  #intervalMs = 0;
  #lifetimeMs = Number.POSITIVE_INFINITY;
  #tickMs = 0;
  #tickDueMs = 0;
  #askDueMs = 0;
  #lastSignMs = 0;
  #bytesAtLastTick = 0;
  #timer: unknown;
  /** The answer that found no room, and waits for it; a later one takes its place. */
  #owed: PooledBuffer | undefined;
  #owedLength = 0;

  constructor(
    connection: DuplexConnection,
    outbound: Outbound,
    pool: BufferPool,
    clock: Clock,
    counters: CounterBlock,
    positions: Positions | undefined,
    onDead: (error: RSocketError) => void,
  ) {
    this.#connection = connection;
    this.#outbound = outbound;
    this.#pool = pool;
    this.#clock = clock;
    this.#counters = counters;
    this.#positions = positions;
    this.#onDead = onDead;
    this.#onTick = () => this.#tick();
  }

  /** @param intervalMs how often this side asks; 0 for one that only answers */
  start(intervalMs: number, lifetimeMs: number): void {
    this.#intervalMs = intervalMs === NO_KEEP_ALIVE_MS ? 0 : intervalMs;
    this.#lifetimeMs = lifetimeMs === NO_KEEP_ALIVE_MS ? Number.POSITIVE_INFINITY : lifetimeMs;
    const judgeMs = lifetimeMs === NO_KEEP_ALIVE_MS ? NO_KEEP_ALIVE_MS : Math.ceil(lifetimeMs / TICKS_PER_LIFETIME);
    this.#tickMs = Math.min(this.#intervalMs === 0 ? NO_KEEP_ALIVE_MS : this.#intervalMs, judgeMs);
    if (this.#tickMs === NO_KEEP_ALIVE_MS) return;
    const nowMs = this.#clock.nowMs();
    this.#lastSignMs = nowMs;
    this.#askDueMs = nowMs + this.#intervalMs;
    this.#bytesAtLastTick = this.#connection.bytesReceived;
    this.#schedule(nowMs, this.#tickMs);
  }

  stop(): void {
    this.#clock.clearTimer(this.#timer);
    this.#timer = undefined;
    this.#tickMs = NO_KEEP_ALIVE_MS;
    this.#dropOwed();
  }

  /**
   * The peer asks: it gets its data back. One answer at most waits for room, the last one.
   * @throws RSocketError ERR_FLYSOCKET_KEEP_ALIVE_DATA (CONNECTION_ERROR) if the data is too long to be sent back
   */
  answer(data: DirectBuffer, dataOffset: number, dataLength: number): void {
    const limit = Math.min(MAX_KEEP_ALIVE_DATA_LENGTH, this.#connection.maxFrameLength - lengthOfKeepAlive(0));
    if (dataLength > limit) {
      const message = `KEEPALIVE data too long: ${dataLength} bytes, limit ${limit}`;
      throw new RSocketError('ERR_FLYSOCKET_KEEP_ALIVE_DATA', message, ErrorCode.CONNECTION_ERROR);
    }
    this.#dropOwed();
    if (this.#send(false, data, dataOffset, dataLength)) return;
    const owed = this.#pool.tryAcquire(Math.max(dataLength, 1));
    if (owed === null) return;
    owed.buffer.putBuffer(owed.offset, data, dataOffset, dataLength);
    this.#owed = owed;
    this.#owedLength = dataLength;
  }

  /** There is room again. */
  onWritable(): void {
    const owed = this.#owed;
    if (owed !== undefined && this.#send(false, owed.buffer, owed.offset, this.#owedLength)) this.#dropOwed();
  }

  #dropOwed(): void {
    const owed = this.#owed;
    this.#owed = undefined;
    owed?.release();
  }

  #send(respond: boolean, data: DirectBuffer, dataOffset: number, dataLength: number): boolean {
    const outbound = this.#outbound;
    if (!outbound.tryPlaceAhead(lengthOfKeepAlive(dataLength))) return false;
    const position = this.#positions?.received ?? 0;
    encodeKeepAlive(outbound.buffer, outbound.index, respond, position, data, dataOffset, dataLength);
    outbound.commit();
    this.#counters.add(LinkCounter.KEEPALIVES_SENT, 1);
    return true;
  }

  #schedule(nowMs: number, delayMs: number): void {
    this.#tickDueMs = nowMs + delayMs;
    this.#timer = this.#clock.setTimer(this.#onTick, delayMs);
  }

  #tick(): void {
    if (this.#tickMs === NO_KEEP_ALIVE_MS) return;
    const nowMs = this.#clock.nowMs();
    const bytes = this.#connection.bytesReceived;
    if (bytes !== this.#bytesAtLastTick) {
      this.#bytesAtLastTick = bytes;
      this.#lastSignMs = nowMs;
    }
    const graceMs = Math.min(this.#tickMs, STALL_MS);
    const isStalled = nowMs - this.#tickDueMs > graceMs;
    const silentMs = nowMs - this.#lastSignMs;
    if (!isStalled && silentMs >= this.#lifetimeMs) {
      const message = `no sign of the peer for ${Math.round(silentMs)} ms, maxLifetimeMs=${this.#lifetimeMs}`;
      this.#onDead(new RSocketError('ERR_FLYSOCKET_PEER_SILENT', message, ErrorCode.CONNECTION_ERROR));
      return;
    }
    if (this.#intervalMs > 0 && nowMs >= this.#askDueMs) {
      // One that finds no room need not wait for it: what is being sent tells the peer as much.
      this.#send(true, EMPTY_BUFFER, 0, 0);
      this.#askDueMs = nowMs + this.#intervalMs;
    }
    const untilAskMs = this.#intervalMs > 0 ? Math.max(this.#askDueMs - nowMs, 1) : this.#tickMs;
    this.#schedule(nowMs, Math.min(isStalled ? graceMs : this.#tickMs, untilAskMs));
  }
}
