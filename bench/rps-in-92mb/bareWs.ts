/** What the benches use of npm ws, and the messages they send over it: an id of four bytes, then the content. */
import type { AddressInfo } from 'node:net';
import { rivalModule } from '../rivalModule.ts';

export const ID_LENGTH = 4;

export interface BareSocket {
  on(event: 'message', listener: (message: Buffer) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  once(event: 'open', listener: () => void): unknown;
  send(message: Uint8Array): void;
  close(): void;
}

export interface BareServer {
  on(event: 'connection', listener: (socket: BareSocket) => void): unknown;
  once(event: 'listening', listener: () => void): unknown;
  address(): AddressInfo;
}

interface BareWs {
  readonly WebSocket: new (url: string, options: object) => BareSocket;
  readonly WebSocketServer: new (options: object) => BareServer;
}

export function bareWs(): BareWs {
  return rivalModule<BareWs>('ws');
}
