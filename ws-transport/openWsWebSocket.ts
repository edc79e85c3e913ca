import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ConnectionOptions } from 'node:tls';
import { MAX_FRAME_LENGTH } from '../codec/index.ts';
import { BlockKind, processCounters } from '../counters/index.ts';
import { type OpenWebSocketOptions, openBy } from './openWebSocket.ts';
import { WsConnection, type WsConnectionOptions } from './WsConnection.ts';
import type { WsConstructor, WsSocket } from './WsSocket.ts';

interface OpenWsOptions extends OpenWebSocketOptions, Omit<WsConnectionOptions, 'counters'> {
  readonly headers?: OutgoingHttpHeaders | undefined;
  readonly tls?: ConnectionOptions | undefined;
}

/** Connects by the `WebSocket` of the `ws` package. @throws as `openWebSocket` */
export function openWsWebSocket(
  url: string | URL,
  WebSocket: WsConstructor,
  options: OpenWsOptions,
): Promise<WsConnection> {
  let transport: Duplex | undefined;
  const make = (): WsSocket => {
    const { headers, tls, protocols = [], maxInboundFrameLength = MAX_FRAME_LENGTH } = options;
    const socket = new WebSocket(String(url), [...protocols], {
      ...tls,
      headers,
      perMessageDeflate: false,
      maxPayload: maxInboundFrameLength,
    });
    socket.on('upgrade', (response: IncomingMessage) => {
      transport = response.socket;
    });
    return socket;
  };
  return openBy(url, options, make, (socket) => {
    const counters = processCounters().allocate(BlockKind.LINK, `ws ${url}`);
    return new WsConnection(socket, transport, { ...options, counters });
  });
}
