/** Of the npm package `ws`, what is used of it. It is never imported from here: who has it hands it in. */
import type { WebSocketLike } from './WebSocketLike.ts';

/** A WebSocket of that package, at either end. */
export interface WsSocket extends WebSocketLike {
  readonly readyState: number;
  /** Keeps a reference to the bytes, and reads them until it calls `done`: always at a server, seldom at a client. */
  send(data: Uint8Array, options?: { readonly compress?: boolean }, done?: (error?: Error) => void): void;
  /** Reads no more from the socket, and again. */
  pause(): void;
  resume(): void;
  /** Destroys the socket. */
  terminate(): void;
  on(event: string, listener: (...values: never[]) => void): unknown;
}

/** A `WebSocketServer` of that package: of its own port, on an HTTP server, or by its `handleUpgrade`. */
export interface WsServer {
  readonly options?: { readonly path?: string | null | undefined; readonly port?: number | null | undefined };
  /** Throws if upgrades are handed to it. */
  address(): { readonly address: string; readonly port: number } | string | null;
  on(event: string, listener: (...values: never[]) => void): unknown;
  once(event: string, listener: (...values: never[]) => void): unknown;
  off(event: string, listener: (...values: never[]) => void): unknown;
}

/** The `WebSocket` of that package, as a client makes it. */
export type WsConstructor = new (url: string, protocols: string[], options: object) => WsSocket;

/** True for that class, and what extends it. */
export function isWsConstructor(made: unknown): made is WsConstructor {
  const prototype = (made as { prototype?: Partial<WsSocket> } | undefined)?.prototype;
  return ['terminate', 'pause', 'resume', 'on'].every(
    (name) => typeof Reflect.get(prototype ?? {}, name) === 'function',
  );
}
