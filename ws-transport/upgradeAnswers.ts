/** The server's part of the upgrade from HTTP (RFC 6455, 4.2). */
import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { acceptKey } from './acceptKey.ts';

/** 16 bytes in base64. */
const KEY = /^[+/0-9A-Za-z]{22}==$/;

/** @returns the status that refuses a request that is no proper upgrade to WebSocket, else 101 */
export function statusOf({ method, headers }: IncomingMessage): number {
  if (method !== 'GET' || headers.upgrade?.toLowerCase() !== 'websocket') return 400;
  if (!KEY.test(headers['sec-websocket-key'] ?? '')) return 400;
  return headers['sec-websocket-version'] === '13' ? 101 : 426;
}

/** Agrees to the upgrade, and to the first offered subprotocol that is among `protocols`. */
export function agreeTo({ headers }: IncomingMessage, socket: Duplex, protocols: readonly string[]): void {
  const offered = headers['sec-websocket-protocol']?.split(',') ?? [];
  const protocol = offered.map((name) => name.trim()).find((name) => protocols.includes(name));
  const accept = acceptKey(headers['sec-websocket-key'] as string);
  const lines = ['Upgrade: websocket', 'Connection: Upgrade', `Sec-WebSocket-Accept: ${accept}`];
  if (protocol !== undefined) lines.push(`Sec-WebSocket-Protocol: ${protocol}`);
  answer(socket, 101, lines);
}

/** Says no, and ends the socket. */
export function refuse(socket: Duplex, status: number): void {
  answer(socket, status, ['Connection: close', 'Content-Length: 0', 'Sec-WebSocket-Version: 13']);
  socket.end(() => socket.destroy());
}

function answer(socket: Duplex, status: number, lines: readonly string[]): void {
  socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('\r\n')}\r\n\r\n`);
}
