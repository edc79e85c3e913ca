/**
 * Takes WebSockets over from an HTTP server.
 *
 *   'upgrade' -> proper, on our path? -> room? -> may it (`verify`)? -> 101 -> `accept`
 */
import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { MAX_CONNECTIONS } from '../core/index.ts';
import { BlockKind, processCounters } from '../counters/index.ts';
import { NodeWebSocketConnection, type NodeWebSocketConnectionOptions } from './NodeWebSocketConnection.ts';
import { agreeTo, refuse, statusOf } from './upgradeAnswers.ts';
import { addressOf, type ConnectionSink, type WebSocketListener } from './WebSocketListener.ts';

/** How long an upgrade may take, `verify` included. */
export const UPGRADE_TIMEOUT_MS = 10_000;

/** How a listener takes connections; all of it has a default. */
export interface UpgradeOptions extends Omit<NodeWebSocketConnectionOptions, 'counters'> {
  /** Says whether a client may connect, say by its `origin` header; false refuses it with 403. Default: it may. */
  readonly verify?: ((request: IncomingMessage) => boolean | Promise<boolean>) | undefined;
  /** Subprotocols that are agreed to. Default none. */
  readonly protocols?: readonly string[] | undefined;
  /** Connections at once; the next one is refused with 503. Default the core's `MAX_CONNECTIONS`. */
  readonly maxConnections?: number | undefined;
  /** Default `UPGRADE_TIMEOUT_MS`. */
  readonly upgradeTimeoutMs?: number | undefined;
}

export class UpgradeListener implements WebSocketListener {
  readonly #http: Server;
  readonly #ownsHttp: boolean;
  readonly #path: string | undefined;
  readonly #options: UpgradeOptions;
  readonly #accept: ConnectionSink;
  /** Sockets whose upgrade has begun. */
  readonly #upgrading: Set<Duplex> = new Set();
  readonly #onUpgrade: (request: IncomingMessage, socket: Duplex, head: Uint8Array) => void;
  #connections = 0;

  /** Made by `listenWebSocket`. */
  constructor(
    http: Server,
    ownsHttp: boolean,
    path: string | undefined,
    accept: ConnectionSink,
    options: UpgradeOptions,
  ) {
    this.#http = http;
    this.#ownsHttp = ownsHttp;
    this.#path = path;
    this.#accept = accept;
    this.#options = options;
    this.#onUpgrade = (request, socket, head) => this.#upgrade(request, socket as Socket, head);
    http.on('upgrade', this.#onUpgrade);
  }

  get address(): WebSocketListener['address'] {
    return addressOf(this.#http.address(), this.#path ?? '/');
  }

  async close(): Promise<void> {
    this.#http.off('upgrade', this.#onUpgrade);
    for (const socket of this.#upgrading) socket.destroy();
    if (!this.#ownsHttp || !this.#http.listening) return;
    await new Promise<void>((resolve) => {
      this.#http.close(() => resolve());
      this.#http.closeAllConnections();
    });
  }

  #upgrade(request: IncomingMessage, socket: Socket, head: Uint8Array): void {
    if (this.#path !== undefined && request.url?.split('?')[0] !== this.#path) {
      // On another's HTTP server the path may be for one of its other listeners.
      if (this.#http.listenerCount('upgrade') === 1) refuse(socket, 404);
      return;
    }
    const { maxConnections = MAX_CONNECTIONS, upgradeTimeoutMs = UPGRADE_TIMEOUT_MS } = this.#options;
    socket.setTimeout(0);
    socket.setNoDelay();
    socket.on('error', ignore);
    const status = statusOf(request);
    if (status !== 101 || this.#connections + this.#upgrading.size >= maxConnections) {
      refuse(socket, status === 101 ? 503 : status);
      return;
    }
    this.#upgrading.add(socket);
    const timer = setTimeout(() => socket.destroy(), upgradeTimeoutMs);
    const decide = (mayConnect: boolean): void => {
      clearTimeout(timer);
      this.#upgrading.delete(socket);
      if (socket.destroyed) return;
      if (mayConnect) this.#take(request, socket, head);
      else refuse(socket, 403);
    };
    const forget = (): void => decide(false);
    socket.once('close', forget);
    this.#verify(request).then((mayConnect) => {
      socket.off('close', forget);
      decide(mayConnect);
    }, forget);
  }

  async #verify(request: IncomingMessage): Promise<boolean> {
    return (await this.#options.verify?.(request)) ?? true;
  }

  #take(request: IncomingMessage, socket: Socket, head: Uint8Array): void {
    agreeTo(request, socket, this.#options.protocols ?? []);
    const { host, port, path } = this.address;
    const counters = processCounters().allocate(BlockKind.LINK, `ws ${host}:${port}${path}`);
    const connection = new NodeWebSocketConnection(socket, head, false, { ...this.#options, counters });
    this.#connections++;
    connection.onClose.then(() => {
      this.#connections--;
    });
    this.#accept(connection, request);
  }
}

function ignore(): void {}
