/** The program of the page: what the specs call in it, each on a new Web Worker. Results are plain values. */
import type { Handler } from 'flysocket/core';
import { DirectBuffer, PayloadFlyweight, RSocketError } from 'flysocket/flyweight';
import {
  type ConnectWorkerOptions,
  checkIsolation,
  connectWorker,
  DrainLoop,
  introduce,
  ShmLink,
  type WorkerPeer,
  type WorkerThread,
} from 'flysocket/shm-transport';
import { itemsUpTo, textsOf } from './items.ts';
import type { Scenarios } from './Scenarios.ts';

/** What a page has and Node has not. */
interface WebWorker extends WorkerThread {
  onmessage: (event: { readonly data: unknown }) => void;
  terminate(): void;
}
const { Worker } = globalThis as unknown as { Worker: new (url: string, options: { type: 'module' }) => WebWorker };

const MANY = 2_000;
const BATCHES_AND_RING_BYTES = 2 * 1024 * 1024;

function newWorker(program = 'echo.js'): WebWorker {
  return new Worker(program, { type: 'module' });
}

async function withPeer<T>(
  use: (peer: WorkerPeer, worker: WebWorker) => Promise<T>,
  options: ConnectWorkerOptions = {},
): Promise<T> {
  const worker = newWorker();
  try {
    return await use(await connectWorker(worker, options), worker);
  } finally {
    worker.terminate();
  }
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    return error instanceof RSocketError ? error.code : String(error);
  }
  return 'no error';
}

function largePayload(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0, byte = 3; i < length; i++, byte += 7 + (i >>> 12)) bytes[i] = byte;
  return bytes;
}

function areEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

const told: string[] = [];
const handler: Handler = {
  requestResponse: ({ data, metadata }) => ({ data, metadata }),
  fireAndForget: (payload) => {
    told.push(payload.dataUtf8());
  },
  requestStream: (payload) => itemsUpTo(Number(payload.dataUtf8())),
  requestChannel: (payloads) => payloads,
};

const scenarios: Scenarios = {
  isolation: () => checkIsolation(),

  transport: () => withPeer(async ({ link }) => (link instanceof ShmLink ? 'ring' : 'port')),

  interactions: () =>
    withPeer(async (peer) => {
      const response = await peer.requestResponse({ data: 'hello', metadata: 'there' });
      await peer.fireAndForget('a word');
      const stream = await textsOf(peer.requestStream(String(MANY), { prefetch: 7 }));
      const channel = await textsOf(peer.requestChannel(itemsUpTo(MANY), { prefetch: 3 }));
      return {
        response: `${response.dataUtf8()} ${response.metadataUtf8()}`,
        stream: stream.every((text, i) => text === String(i)) && stream.length === MANY,
        channel: channel.every((text, i) => text === String(i)) && channel.length === MANY,
        forgotten: (await peer.requestResponse('forgotten')).dataUtf8(),
      };
    }),

  largePayloads: () =>
    withPeer(async (peer) => {
      const lengths = [65_535, 65_536, 200_000, 1 << 20];
      const echoed = await Promise.all(
        lengths.map(async (length) => {
          const data = largePayload(length);
          return areEqual((await peer.requestResponse({ data })).data, data);
        }),
      );
      return echoed.filter(Boolean).length === lengths.length;
    }),

  callBack: () =>
    withPeer(async (peer) => `${(await peer.requestResponse('call back')).dataUtf8()} | ${told.pop()}`, { handler }),

  backPressure: () =>
    withPeer(async (peer) => {
      await peer.fireAndForget('hold 300');
      const payload = new PayloadFlyweight().wrapData(new DirectBuffer(new Uint8Array(100)), 0, 100);
      let sent = 0;
      let refusals = 0;
      while (refusals < 5) {
        let result = peer.zeroCopy.fireAndForget(payload);
        for (; result > 0; result = peer.zeroCopy.fireAndForget(payload)) sent++;
        refusals++;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      const isBounded = sent * 100 < BATCHES_AND_RING_BYTES;
      const { used, capacity } = peer.link.outboundUsage;
      await new Promise<void>((resolve) => peer.zeroCopy.whenWritable(resolve));
      const last = peer.zeroCopy.fireAndForget(payload);
      const arrived = Number((await peer.requestResponse('forgotten')).dataUtf8());
      return { isBounded, isFull: used > capacity / 2 && used <= capacity, goesOn: last > 0, lost: sent + 2 - arrived };
    }),

  terminate: () =>
    withPeer(async (peer, worker) => {
      const pending = codeOf(peer.requestResponse('never'));
      await peer.requestResponse('it has come before this');
      worker.terminate();
      const end = await peer.onClose;
      return [await pending, end?.code ?? 'in order', await codeOf(peer.requestResponse('anyone?'))];
    }),

  close: () =>
    withPeer(async (peer) => {
      await peer.requestResponse('once');
      await peer.close();
      return [(await peer.onClose)?.code ?? 'in order', await codeOf(peer.requestResponse('anyone?'))];
    }),

  introduce: async () => {
    const workers = [newWorker(), newWorker()] as const;
    try {
      const answers = workers.map(
        (worker) =>
          new Promise<string>((resolve) => {
            worker.onmessage = ({ data }) => resolve(String(data));
          }),
      );
      const [a, b] = await Promise.all([connectWorker(workers[0]), connectWorker(workers[1])]);
      await introduce(a, b);
      return await Promise.all(answers);
    } finally {
      for (const worker of workers) worker.terminate();
    }
  },

  brokenWorkers: () => Promise.all(['missing.js', 'throws.js'].map((name) => codeOf(connectWorker(newWorker(name))))),

  silentWorker: () => codeOf(connectWorker(newWorker('silent.js'), { handshakeTimeoutMs: 200 })),

  wantsRing: () => codeOf(withPeer(async () => {}, { transport: 'ring' })),

  block: async () =>
    codeOf(
      (async () => {
        DrainLoop.ofThisThread().runBlocking(() => true, 1);
      })(),
    ),

  roundTrips: (count: number) =>
    withPeer(async (peer) => {
      for (let i = 0; i < count; i++) await peer.requestResponse('warm');
      const start = performance.now();
      for (let i = 0; i < count; i++) await peer.requestResponse('ping');
      const alone = (count * 1_000) / (performance.now() - start);
      const startOfMany = performance.now();
      const WIDTH = 256;
      for (let i = 0; i < count; i += WIDTH)
        await Promise.all(Array.from({ length: WIDTH }, () => peer.requestResponse('ping')));
      const together = (count * 1_000) / (performance.now() - startOfMany);
      return { alone: Math.round(alone), together: Math.round(together) };
    }),
};

Object.assign(globalThis, { scenarios });
