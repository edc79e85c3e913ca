/**
 * Accepts links and echoes all four interactions. Some requests are orders instead:
 *
 *   request-response `call back`        makes all four interactions itself, and tells what it got
 *   request-response `storm <n>`        makes n requests at once, and tells how many were answered rightly
 *   request-response `ask <n>`          makes n requests, then blocks the thread until the gate is opened
 *   fire-and-forget  `hold`             blocks the thread until the gate is opened
 *   fire-and-forget  `close after <n>`  sends n messages, then closes the link
 */
import { parentPort, workerData } from 'node:worker_threads';
import type { Handler, PayloadLike, RSocket } from 'flysocket/core';
import { acceptParent } from 'flysocket/shm-transport';
import { FORGOTTEN, HOLDING, itemsUpTo, textsOf } from './linkSupport.ts';

export interface EchoOrders {
  /** How many are accepted. Default 1. */
  readonly links?: number;
  /** Before the first is accepted, in milliseconds. */
  readonly delayMs?: number;
  /** An Int32Array's memory: while its first word is 1, `hold` holds. */
  readonly gate?: SharedArrayBuffer;
}

const LONGEST_HOLD_MS = 5_000;

const { links = 1, delayMs = 0, gate }: EchoOrders = workerData ?? {};

async function callBack(peer: RSocket): Promise<string> {
  const response = await peer.requestResponse({ data: 'from the worker', metadata: 'm' });
  await peer.fireAndForget('and forget');
  const stream = await textsOf(peer.requestStream('3'));
  const channel = await textsOf(peer.requestChannel(itemsUpTo(5)));
  return [response.dataUtf8(), response.metadataUtf8(), stream.join(), channel.join()].join(' | ');
}

async function storm(peer: RSocket, count: number): Promise<string> {
  const text = (i: number): string => `${i}`.padEnd(400, '.');
  const answers = await Promise.all(Array.from({ length: count }, (_, i) => peer.requestResponse(text(i))));
  return String(answers.filter((answer, i) => answer.dataUtf8() === text(i)).length);
}

async function ask(peer: RSocket, count: number): Promise<string> {
  const answers = Array.from({ length: count }, () => peer.requestResponse('?'));
  setImmediate(() => {
    parentPort?.postMessage(HOLDING);
    hold();
  });
  await Promise.all(answers);
  return 'all answered';
}

function hold(): void {
  Atomics.wait(new Int32Array(gate as SharedArrayBuffer), 0, 1, LONGEST_HOLD_MS);
}

async function closeAfter(peer: RSocket, count: number): Promise<void> {
  for (let i = 0; i < count; i++) await peer.fireAndForget(String(i));
  await peer.close();
}

const handler: Handler = {
  async requestResponse(payload, { peer }): Promise<PayloadLike> {
    const [order, count] = payload.dataUtf8().split(' ');
    if (order === 'call') return callBack(peer);
    if (order === 'storm') return storm(peer, Number(count));
    if (order === 'ask') return ask(peer, Number(count));
    return { data: payload.data, metadata: payload.metadata };
  },
  fireAndForget(payload, { peer }) {
    const text = payload.dataUtf8();
    if (text === 'hold') hold();
    else if (text.startsWith('close after ')) return closeAfter(peer, Number(text.slice('close after '.length)));
    else parentPort?.postMessage(FORGOTTEN + text);
    return undefined;
  },
  requestStream: (payload) => itemsUpTo(Number(payload.dataUtf8())),
  requestChannel: (payloads) => payloads,
};

if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
await Promise.all(Array.from({ length: links }, () => acceptParent({ handler })));
