/** flysocket, by the same interface as its peers. */
import {
  type Handler,
  IgnoringSubscriber,
  type Payload,
  type PayloadLike,
  type Responder,
  type RSocketPeer,
  STREAM_CLOSED,
} from 'flysocket/core';
import { DirectBuffer, PayloadFlyweight, RSocketError } from 'flysocket/flyweight';
import { BufferPool } from 'flysocket/pool';
import { connectTcp, serveTcp } from 'flysocket/tcp-transport';
import { connectWebSocket, serveWebSocket } from 'flysocket/ws-transport';
import { until } from '../tck/until.ts';
import type { ClientSettings, End, Implementation, Link, Listener, ServerSettings, Sink } from './Implementation.ts';
import type { Item } from './Item.ts';
import { countAskedFor, errorAskedFor, ReferenceLog } from './ReferenceLog.ts';

const HOST = '127.0.0.1';

export const flysocket: Implementation = {
  name: 'flysocket',
  traits: {
    losesEmptyMetadata: false,
    answersWithoutMetadata: false,
    hasOneErrorCode: false,
    sendsMetadataPush: true,
    takesMetadataPush: true,
  },
  connect,
  listen,
};

/** Memory of everything that runs here; a suite finds that it has all come back. */
export const pool: BufferPool = new BufferPool({ tracking: true, maxBytes: 256 * 1024 * 1024 });

/** @throws Error unless all memory comes back */
export async function poolIsQuiescent(): Promise<void> {
  await until(() => pool.stats.inUse === 0, 'all memory has come back');
  pool.assertQuiescent();
}

/** As `connect`, with the whole peer. */
export async function connectPeer(link: Link, port: number, settings: ClientSettings = {}): Promise<FlysocketEnd> {
  const { setup, dataMimeType, metadataMimeType, keepAliveMs, lifetimeMs, lease, fragmentSize } = settings;
  const log = new ReferenceLog();
  const options = {
    pool,
    handler: handlerOf(log),
    maxFrameLength: fragmentSize,
    lease: lease && leaseOptions(lease),
    setup: {
      payload: setup,
      dataMimeType,
      metadataMimeType,
      keepAliveIntervalMs: keepAliveMs,
      maxLifetimeMs: lifetimeMs,
    },
  };
  const peer = await (link === 'tcp'
    ? connectTcp({ port, host: HOST }, options)
    : connectWebSocket(`ws://${HOST}:${port}`, options));
  return endOf(peer, log);
}

function connect(link: Link, port: number, settings?: ClientSettings): Promise<End> {
  return connectPeer(link, port, settings);
}

async function listen(link: Link, { refusal, lease, fragmentSize }: ServerSettings = {}): Promise<Listener> {
  const ends: End[] = [];
  const responder: Responder = (setup, peer) => {
    if (refusal !== undefined) throw new Error(refusal);
    const log = new ReferenceLog();
    const { dataMimeType, metadataMimeType, payload } = setup;
    log.setups.push({ ...toItem(payload), dataMimeType, metadataMimeType });
    ends.push(endOf(peer as RSocketPeer, log));
    return handlerOf(log);
  };
  const options = { pool, maxFrameLength: fragmentSize, lease: lease && leaseOptions(lease) };
  const server = await (link === 'tcp'
    ? serveTcp({ port: 0, host: HOST }, responder, options)
    : serveWebSocket({ port: 0, host: HOST }, responder, options));
  const { port } = server.address as { port: number };
  return { ends, port, close: () => server.close({ deadlineMs: 0 }) };
}

function leaseOptions({ requests, ttlMs = 60_000 }: { requests?: number; ttlMs?: number }): {
  grant?: { requests: number; ttlMs: number };
} {
  return requests === undefined ? {} : { grant: { requests, ttlMs } };
}

export interface FlysocketEnd extends End {
  readonly peer: RSocketPeer;
}

function endOf(peer: RSocketPeer, log: ReferenceLog): FlysocketEnd {
  const { zeroCopy } = peer;
  return {
    peer,
    log,
    closed: peer.onClose,
    requestResponse: (item) => {
      const controller = new AbortController();
      const response = peer.requestResponse(item, { signal: controller.signal }).then(toItem);
      return { response, cancel: () => controller.abort() };
    },
    fireAndForget: (item) => {
      peer.fireAndForget(item);
    },
    requestStream: (item, initialRequestN, sink) => {
      const id = zeroCopy.requestStream(viewOf(item), initialRequestN, new SinkSubscriber(sink));
      return { request: (n) => zeroCopy.request(id, n), cancel: () => zeroCopy.cancel(id) };
    },
    requestChannel: (items, initialRequestN, sink) => {
      const held: Item[] = [];
      const subscriber = new SinkSubscriber(sink);
      let id = 0;
      let end: (() => void) | undefined;
      const endIfDone = (): void => {
        if (held.length === 0) end?.();
      };
      const endWith = (how: () => void): void => {
        end = how;
        queueMicrotask(endIfDone);
      };
      const source = items({
        next: (item) => {
          // What finds no room goes when there is some.
          if (id === 0 || held.length > 0 || !isTaken(zeroCopy.next(id, viewOf(item), false))) held.push(item);
        },
        complete: () => endWith(() => zeroCopy.complete(id)),
        fail: (error) => endWith(() => zeroCopy.error(id, 0x201, error.message)),
      });
      subscriber.whenAsked = (n) => source.request(n);
      subscriber.whenCanceled = () => source.cancel();
      subscriber.whenWritable = () => {
        while (held.length > 0 && isTaken(zeroCopy.next(id, viewOf(held[0] as Item), false))) held.shift();
        endIfDone();
      };
      source.request(1);
      id = zeroCopy.requestChannel(viewOf(held.shift() as Item), initialRequestN, false, subscriber);
      return { request: (n) => zeroCopy.request(id, n), cancel: () => zeroCopy.cancel(id) };
    },
    metadataPush: (metadata) => {
      peer.metadataPush(metadata);
    },
    close: () => {
      peer.close({ deadlineMs: 1000 });
    },
  };
}

class SinkSubscriber extends IgnoringSubscriber {
  whenAsked: (n: number) => void = () => {};
  whenCanceled: () => void = () => {};
  whenWritable: () => void = () => {};
  readonly #sink: Sink;

  constructor(sink: Sink) {
    super();
    this.#sink = sink;
  }

  override onNext(view: PayloadFlyweight): void {
    this.#sink.next({ data: view.copyOfData(), metadata: view.copyOfMetadata() });
  }

  override onComplete(): void {
    this.#sink.complete();
  }

  override onError(error: RSocketError): void {
    this.#sink.fail(error);
  }

  override onRequestN(n: number): void {
    this.whenAsked(n);
  }

  override onWritable(): void {
    this.whenWritable();
  }

  override onCancel(): void {
    this.whenCanceled();
  }
}

function handlerOf(log: ReferenceLog): Handler {
  return {
    requestResponse: (payload, { signal }) => {
      const request = toItem(payload);
      const asked = errorAskedFor(request);
      if (asked !== undefined) throw new RSocketError('ERR_FLYSOCKET_STREAM_ERROR', asked.message, asked.code);
      if (payload.dataLength !== 5 || payload.dataUtf8() !== 'never') return payload;
      return new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          log.cancels++;
          reject(signal.reason);
        });
      });
    },
    fireAndForget: (payload) => {
      log.fireAndForgets.push(toItem(payload));
    },
    requestStream: (payload) => streamOf(toItem(payload), log),
    requestChannel: (payloads) => echoOf(payloads, log),
    metadataPush: (payload) => {
      log.pushes.push(payload.metadata as Uint8Array);
    },
  };
}

function* streamOf(request: Item, log: ReferenceLog): Generator<PayloadLike> {
  const asked = errorAskedFor(request);
  const count = countAskedFor(request);
  let isLeft = true;
  try {
    for (let i = 0; i < count; i++) {
      log.produced++;
      yield { data: String(i), metadata: request.metadata };
    }
    isLeft = false;
  } finally {
    if (isLeft) log.cancels++;
  }
  if (asked !== undefined) throw new RSocketError('ERR_FLYSOCKET_STREAM_ERROR', asked.message, asked.code);
}

async function* echoOf(payloads: AsyncIterable<Payload>, log: ReferenceLog): AsyncGenerator<PayloadLike> {
  let isLeft = true;
  try {
    for await (const payload of payloads) {
      const asked = errorAskedFor(toItem(payload));
      if (asked !== undefined) {
        isLeft = false;
        throw new RSocketError('ERR_FLYSOCKET_STREAM_ERROR', asked.message, asked.code);
      }
      yield payload;
    }
    isLeft = false;
  } catch (error) {
    if (isLeft) log.failures.push((error as Error).message);
    isLeft = false;
    throw error;
  } finally {
    if (isLeft) log.cancels++;
  }
}

function isTaken(result: number): boolean {
  return result > 0 || result === STREAM_CLOSED;
}

function viewOf({ data, metadata }: Item): PayloadFlyweight {
  const view = new PayloadFlyweight().wrapData(new DirectBuffer(data), 0, data.length);
  return metadata === undefined ? view : view.wrapMetadata(new DirectBuffer(metadata), 0, metadata.length);
}

function toItem(payload: Payload): Item {
  return { data: payload.data, metadata: payload.metadata };
}
