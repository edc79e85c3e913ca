import type { DirectBuffer, RSocketError } from '../flyweight/index.ts';
import type { DuplexConnection, FrameHandler } from '../transport/index.ts';

/** Sees every frame that passes; the bytes are valid until the call returns. */
export interface FrameWatcher {
  onFrameSent(buffer: DirectBuffer, offset: number, length: number): void;
  onFrameReceived(buffer: DirectBuffer, offset: number, length: number): void;
}

/**
 * A connection that shows its frames to somebody as they pass, and is otherwise the one that it stands in front of.
 *
 *   peer  <-->  WatchedConnection  <-->  transport
 *                      |
 *                   watcher
 */
export class WatchedConnection implements DuplexConnection {
  readonly #connection: DuplexConnection;
  readonly #watcher: FrameWatcher;
  #claimedLength = 0;

  constructor(connection: DuplexConnection, watcher: FrameWatcher) {
    this.#connection = connection;
    this.#watcher = watcher;
  }

  get buffer(): DirectBuffer {
    return this.#connection.buffer;
  }

  get maxFrameLength(): number {
    return this.#connection.maxFrameLength;
  }

  get bytesReceived(): number {
    return this.#connection.bytesReceived;
  }

  get onClose(): Promise<RSocketError | undefined> {
    return this.#connection.onClose;
  }

  tryClaim(length: number, alignment: number): number {
    const index = this.#connection.tryClaim(length, alignment);
    if (index >= 0) this.#claimedLength = length;
    return index;
  }

  commit(index: number): void {
    this.#watcher.onFrameSent(this.#connection.buffer, index, this.#claimedLength);
    this.#connection.commit(index);
  }

  awaitWritable(): void {
    this.#connection.awaitWritable();
  }

  abort(index: number): void {
    this.#connection.abort(index);
  }

  flush(): void {
    this.#connection.flush();
  }

  receive(handler: FrameHandler): void {
    const watcher = this.#watcher;
    this.#connection.receive({
      onFrame(buffer, offset, length) {
        watcher.onFrameReceived(buffer, offset, length);
        handler.onFrame(buffer, offset, length);
      },
      onWritable: () => handler.onWritable(),
      onClosed: (error) => handler.onClosed(error),
    });
  }

  close(error?: RSocketError): void {
    this.#connection.close(error);
  }

  yieldSoon(): void {
    this.#connection.yieldSoon();
  }
}
