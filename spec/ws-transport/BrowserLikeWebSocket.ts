import type { WebSocketLike } from 'flysocket/ws-transport';
import { WebSocket } from 'ws';

/**
 * The ws package's as browsers have theirs: what was sent is buffered until the next turn, at least, where the package
 * hands it on at once, and there is nothing but what browsers have.
 */
export class BrowserLikeWebSocket implements WebSocketLike {
  binaryType = '';
  readonly #socket: WebSocket;
  #sentInThisTurn = 0;

  constructor(url: string, protocols?: string[]) {
    this.#socket = new WebSocket(url, protocols);
    this.#socket.binaryType = 'arraybuffer';
  }

  get bufferedAmount(): number {
    return this.#sentInThisTurn + this.#socket.bufferedAmount;
  }

  set onopen(listener: never) {
    this.#socket.onopen = listener;
  }

  set onmessage(listener: never) {
    this.#socket.onmessage = listener;
  }

  set onerror(listener: never) {
    this.#socket.onerror = listener;
  }

  set onclose(listener: never) {
    this.#socket.onclose = listener;
  }

  send(data: Uint8Array): void {
    if (this.#sentInThisTurn === 0) {
      setImmediate(() => {
        this.#sentInThisTurn = 0;
      });
    }
    this.#sentInThisTurn += data.length;
    this.#socket.send(data);
  }

  close(code?: number, reason?: string): void {
    this.#socket.close(code, reason);
  }
}
