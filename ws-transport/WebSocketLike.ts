/** Of the `WebSocket` of browsers, Deno, Bun and Node 22, what a connection uses (WHATWG: "WebSockets Standard"). */
export interface WebSocketLike {
  binaryType: string;
  readonly bufferedAmount: number;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  /** Copies the bytes before it returns, or is done with them. (For those of the npm package `ws`: `WsConnection`.) */
  send(data: Uint8Array): void;
  close(code?: number, reason?: string): void;
}

/** Makes a WebSocket that begins to connect at once, as `WebSocket` itself does. */
export type WebSocketConstructor = new (url: string, protocols?: string[]) => WebSocketLike;
