import type { IncomingMessage } from 'node:http';
import { MAX_CONNECTIONS } from '../core/index.ts';
import { BlockKind, processCounters } from '../counters/index.ts';
import { RSocketError } from '../flyweight/index.ts';
import { CloseCode } from './CloseCode.ts';
import { addressOf, type ConnectionSink, type WebSocketListener } from './WebSocketListener.ts';
import { WsConnection, type WsConnectionOptions } from './WsConnection.ts';
import type { WsServer, WsSocket } from './WsSocket.ts';

/** How a listener takes connections from a server of `ws`. */
interface WsListenerOptions extends Omit<WsConnectionOptions, 'counters'> {
  /** Connections at once; the next one gets Close 1013. Default the core's `MAX_CONNECTIONS`. */
  readonly maxConnections?: number | undefined;
}

/** Takes each WebSocket that a server of the `ws` package has upgraded. */
export class WsListener implements WebSocketListener {
  readonly #server: WsServer;
  readonly #accept: ConnectionSink;
  readonly #options: WsListenerOptions;
  readonly #onConnection: (socket: WsSocket, request: IncomingMessage) => void;
  #connections = 0;

  /** Made by `listenWebSocket`. */
  constructor(server: WsServer, accept: ConnectionSink, options: WsListenerOptions) {
    this.#server = server;
    this.#accept = accept;
    this.#options = options;
    this.#onConnection = (socket, request) => this.#take(socket, request);
    server.on('connection', this.#onConnection);
  }

  get address(): WebSocketListener['address'] {
    const path = this.#server.options?.path ?? '/';
    try {
      return addressOf(this.#server.address(), path);
    } catch {
      // Upgrades are handed to it: it does not listen itself.
      return addressOf(null, path);
    }
  }

  async close(): Promise<void> {
    this.#server.off('connection', this.#onConnection);
  }

  #take(socket: WsSocket, request: IncomingMessage): void {
    const { maxConnections = MAX_CONNECTIONS } = this.#options;
    if (this.#connections >= maxConnections) {
      socket.on('error', ignore);
      socket.close(CloseCode.TRY_AGAIN_LATER, 'ERR_FLYSOCKET_TOO_MANY_CONNECTIONS');
      // The client's Close is not waited for: those who never send it would be without number.
      request.socket.destroySoon();
      return;
    }
    const { host, port, path } = this.address;
    const counters = processCounters().allocate(BlockKind.LINK, `ws ${host}:${port}${path}`);
    const connection = new WsConnection(socket, request.socket, { ...this.#options, counters });
    this.#connections++;
    connection.onClose.then(() => {
      this.#connections--;
    });
    this.#accept(connection, request);
  }
}

/** Waits until a server that has a port of its own listens there. @throws RSocketError ERR_FLYSOCKET_LISTEN */
export async function whenListening(server: WsServer): Promise<void> {
  const port = server.options?.port ?? undefined;
  if (port === undefined || server.address() !== null) return;
  await new Promise<void>((resolve, reject) => {
    const onListening = (): void => {
      server.off('error', onError);
      resolve();
    };
    const onError = (cause: Error): void => {
      server.off('listening', onListening);
      const message = `no server on port ${port}: ${cause.message}`;
      reject(new RSocketError('ERR_FLYSOCKET_LISTEN', message, undefined, { cause }));
    };
    server.once('listening', onListening);
    server.once('error', onError);
  });
}

function ignore(): void {}
