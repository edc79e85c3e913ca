/** Those who take the feed, each in its own way. */
import type { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import type { RSocketPeer } from 'flysocket/core';
import { connectTcp } from 'flysocket/tcp-transport';
import { rivalModule } from '../../rivalModule.ts';
import { HOST } from '../../rps-in-92mb/host.ts';
import type { Taken } from './Taken.ts';

/** What a slow consumer needs for one item. */
export const SLOW_MS = 20;

/** Consumers of one feed; they take until it is closed. */
export interface Consumers {
  /** Adds one. Resolves when he has subscribed. */
  add(taken: Taken, isSlow: boolean): Promise<void>;
  close(): void | Promise<void>;
}

export type OpenConsumers = (port: number) => Promise<Consumers>;

const PREFETCH = 64;
const SLOW_PREFETCH = 4;

/** A stream for each on one connection: what the slow one takes is between him and the feed. */
export const byCredit: OpenConsumers = async (port) => {
  const peer: RSocketPeer = await connectTcp({ port, host: HOST });
  const add = async (taken: Taken, isSlow: boolean): Promise<void> => {
    const prefetch = isSlow ? SLOW_PREFETCH : PREFETCH;
    void taken.whileRunning(async () => {
      for await (const { data } of peer.requestStream('', { prefetch })) {
        taken.take(data);
        if (isSlow) await pause(SLOW_MS);
      }
    });
  };
  return { add, close: () => peer.destroy() };
};

interface WebSocketLike {
  once(event: 'open', listener: () => void): void;
}

interface WsModule {
  readonly WebSocket: new (url: string) => WebSocketLike;
  createWebSocketStream(socket: WebSocketLike, options: object): Readable;
}

/** A WebSocket for each, as a stream of the ws package: who is slow reads no further than a few messages ahead. */
export const byPush: OpenConsumers = async (port) => {
  const { WebSocket, createWebSocketStream } = rivalModule<WsModule>('ws');
  const streams: Readable[] = [];
  const add = async (taken: Taken, isSlow: boolean): Promise<void> => {
    const socket = new WebSocket(`ws://${HOST}:${port}`);
    const readableHighWaterMark = isSlow ? SLOW_PREFETCH : PREFETCH;
    const stream = createWebSocketStream(socket, { readableObjectMode: true, readableHighWaterMark });
    streams.push(stream);
    void taken.whileRunning(async () => {
      for await (const data of stream) {
        taken.take(data as Uint8Array);
        if (isSlow) await pause(SLOW_MS);
      }
    });
    await new Promise<void>((resolve) => socket.once('open', resolve));
  };
  return {
    add,
    close: () => {
      for (const stream of streams) stream.destroy();
    },
  };
};
