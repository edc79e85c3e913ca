import type { DirectBuffer, RSocketError } from 'flysocket/flyweight';
import {
  BACK_PRESSURED,
  type DuplexConnection,
  type FrameHandler,
  type InProcessConnection,
} from 'flysocket/transport';

/** An end that can be shut: it has no room then, and whoever opens it says so. */
export class Gate implements DuplexConnection {
  isShut = false;
  readonly #inner: InProcessConnection;

  constructor(inner: InProcessConnection) {
    this.#inner = inner;
  }

  get buffer(): DirectBuffer {
    return this.#inner.buffer;
  }
  get maxFrameLength(): number {
    return this.#inner.maxFrameLength;
  }
  get bytesReceived(): number {
    return this.#inner.bytesReceived;
  }
  get onClose(): Promise<RSocketError | undefined> {
    return this.#inner.onClose;
  }
  tryClaim(length: number, alignment: number): number {
    return this.isShut ? BACK_PRESSURED : this.#inner.tryClaim(length, alignment);
  }
  commit(index: number): void {
    this.#inner.commit(index);
  }
  abort(index: number): void {
    this.#inner.abort(index);
  }
  awaitWritable(): void {}
  flush(): void {}
  yieldSoon(): void {}
  receive(handler: FrameHandler): void {
    this.#inner.receive(handler);
  }
  close(error?: RSocketError): void {
    this.#inner.close(error);
  }
}
