import { IgnoringSubscriber, type ZeroCopyRSocket } from '../core/index.ts';
import { DirectBuffer, PayloadFlyweight, type RSocketError } from '../flyweight/index.ts';
import { decimalOf } from './decimalOf.ts';

/** Items of a stream asked for ahead, renewed at half. */
const STREAM_WINDOW = 256;

/** Who is told what became of a slot's request. */
export interface SlotOwner {
  /** @param items that came; -1 if they were not those that were asked for */
  onEnd(slot: LoadSlot, items: number): void;
  onFailure(slot: LoadSlot, code: string): void;
}

/**
 * A place for one request in flight: makes it, checks what comes back, and makes the next one without allocating.
 *
 *   echo     the data is the answer          stream    the data is a decimal number N; the answer 0, 1, ... N-1
 */
export class LoadSlot extends IgnoringSubscriber {
  readonly peer: ZeroCopyRSocket;
  /** When the request was to begin. */
  intendedMs = 0;
  isBusy = false;
  /** There was no room, or no lease, for its request: it has not left yet. */
  isWaiting = false;
  readonly #owner: SlotOwner;
  readonly #request: PayloadFlyweight = new PayloadFlyweight();
  readonly #data: DirectBuffer;
  readonly #streamItems: number | undefined;
  #sequence = 0;
  #received = 0;
  #sinceGrant = 0;
  #isWrong = false;

  constructor(peer: ZeroCopyRSocket, owner: SlotOwner, size: number, streamItems: number | undefined) {
    super();
    this.peer = peer;
    this.#owner = owner;
    this.#streamItems = streamItems;
    const bytes = streamItems === undefined ? patternOf(size) : new TextEncoder().encode(String(streamItems));
    this.#data = new DirectBuffer(bytes);
    this.#request.wrapData(this.#data, 0, bytes.length);
  }

  /** @returns the stream's id, or why there is none */
  begin(): number {
    this.#received = 0;
    this.#sinceGrant = 0;
    this.#isWrong = false;
    if (this.#streamItems !== undefined) return this.peer.requestStream(this.#request, STREAM_WINDOW, this);
    // No two requests of a slot are alike, so that an answer to another one is found out.
    if (this.#data.capacity >= 8) this.#data.putInt32(4, this.#sequence++);
    return this.peer.requestResponse(this.#request, this);
  }

  override onNext(payload: PayloadFlyweight, streamId: number): void {
    if (this.#streamItems === undefined) {
      this.#isWrong = !isSame(payload, this.#data);
    } else {
      const { dataBuffer, dataOffset, dataLength } = payload;
      if (decimalOf(dataBuffer, dataOffset, dataLength) !== this.#received) this.#isWrong = true;
      if (++this.#sinceGrant === STREAM_WINDOW / 2) {
        this.#sinceGrant = 0;
        this.peer.request(streamId, STREAM_WINDOW / 2);
      }
    }
    this.#received++;
  }

  override onComplete(): void {
    const isRight = !this.#isWrong && this.#received === (this.#streamItems ?? 1);
    this.#owner.onEnd(this, isRight ? this.#received : -1);
  }

  override onError(error: RSocketError): void {
    this.#owner.onFailure(this, error.code);
  }
}

/** Bytes that a reference responder echoes: no number, no word that it acts upon. */
function patternOf(size: number): Uint8Array {
  return new Uint8Array(size).map((_, i) => 0x61 + (i % 26));
}

function isSame({ dataBuffer, dataOffset, dataLength }: PayloadFlyweight, data: DirectBuffer): boolean {
  if (dataLength !== data.capacity) return false;
  let i = 0;
  for (; i + 4 <= dataLength; i += 4) if (dataBuffer.getInt32(dataOffset + i) !== data.getInt32(i)) return false;
  for (; i < dataLength; i++) if (dataBuffer.getUint8(dataOffset + i) !== data.getUint8(i)) return false;
  return true;
}
