const FIN_BINARY = 0x82;
const MASKED = 0x80;

/** A binary message in one WebSocket frame (RFC 6455); what a client sends has a mask of four bytes. */
export function webSocketMessage(payload: Uint8Array, mask?: readonly [number, number, number, number]): Uint8Array {
  const maskBit = mask === undefined ? 0 : MASKED;
  const length =
    payload.length < 126 ? [maskBit | payload.length] : [maskBit | 126, payload.length >>> 8, payload.length & 0xff];
  const body = mask === undefined ? payload : payload.map((byte, index) => byte ^ (mask[index % 4] as number));
  return Uint8Array.from([FIN_BINARY, ...length, ...(mask ?? []), ...body]);
}

/** What an HTTP client asks and a server answers to make a WebSocket of their connection. */
export const webSocketUpgrade: { readonly request: Uint8Array; readonly response: Uint8Array } = {
  request: Buffer.from(
    'GET /rsocket HTTP/1.1\r\nHost: 10.0.0.2\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n',
  ),
  response: Buffer.from(
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
      'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n',
  ),
};
