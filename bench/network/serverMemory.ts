import { IgnoringSubscriber, type RSocketPeer } from 'flysocket/core';
import { DirectBuffer, PayloadFlyweight } from 'flysocket/flyweight';
import type { Measured, RatioRow, ResultRow } from '../harness/Measured.ts';
import type { ProgramGroup } from '../harness/ProgramGroup.ts';
import { connectAlpha } from './AlphaRequests.ts';
import { connectBy } from './FlySocketRequests.ts';
import { NetworkServer } from './NetworkServer.ts';
import { type AlphaSocket, alphaLibrary } from './rivalLibraries.ts';

const CONNECTIONS = 1_000;
const QUICK_CONNECTIONS = 100;
const STREAMS = 100;
const CREDIT = 16;
/** How often the server is looked at after all is open, and how long it is left alone in between. */
const LOOKS = 5;
const BETWEEN_LOOKS_MS = 1_000;
const QUICK_LOOKS = 2;
const QUICK_BETWEEN_LOOKS_MS = 100;
const OPEN_TIMEOUT_MS = 60_000;
const MEGABYTE = 1e6;
const HALF = 0.5;
/** What the server may still grow by after all is open. */
const FLAT = 1.1;

type Opener = (port: number, connections: number) => Promise<() => void>;

/** What a server takes up with many connections, and streams open on each that send nothing. */
export const serverMemoryGroup: ProgramGroup = {
  name: 'tcp/server memory',
  async measure(isQuick) {
    const connections = isQuick ? QUICK_CONNECTIONS : CONNECTIONS;
    const ours = await looks('flysocket-tcp', connections, openFlySockets, isQuick);
    const library = alphaLibrary();
    const theirs = library && (await looks('alpha-tcp', connections, openAlphas, isQuick));
    const results = [row('flysocket', ours, connections)];
    const name = serverMemoryGroup.name;
    const growth = (ours.at(-1) as number) / (ours[0] as number);
    const ratios: RatioRow[] = [{ name: `${name}: growth`, value: growth, goal: FLAT, lowerIsBetter: true }];
    if (theirs !== undefined) {
      results.push(row('rsocket 1.0.0-alpha.3', theirs, connections));
      const value = (ours.at(-1) as number) / (theirs.at(-1) as number);
      ratios.push({ name: `${name}: RSS / alpha.3`, value, goal: HALF, lowerIsBetter: true });
    }
    return { results, ratios } satisfies Measured;
  },
};

/** The server's RSS in bytes, look by look. */
async function looks(kind: string, connections: number, open: Opener, isQuick: boolean): Promise<number[]> {
  const betweenMs = isQuick ? QUICK_BETWEEN_LOOKS_MS : BETWEEN_LOOKS_MS;
  const server = await NetworkServer.start(kind);
  try {
    const close = await open(server.port, connections);
    const deadline = performance.now() + OPEN_TIMEOUT_MS;
    while ((await server.state()).openStreams < connections * STREAMS) {
      if (performance.now() > deadline)
        throw new Error(`${kind}: not all streams are open after ${OPEN_TIMEOUT_MS} ms`);
      await pause(betweenMs);
    }
    const rss: number[] = [];
    for (let look = 0; look < (isQuick ? QUICK_LOOKS : LOOKS); look++) {
      await pause(betweenMs);
      rss.push((await server.state()).rssBytes);
    }
    close();
    return rss;
  } finally {
    await server.stop();
  }
}

async function openFlySockets(port: number, connections: number): Promise<() => void> {
  const empty = new PayloadFlyweight().wrapData(new DirectBuffer(new ArrayBuffer(0)), 0, 0);
  const peers: RSocketPeer[] = [];
  for (let i = 0; i < connections; i++) {
    const peer = await connectBy('tcp', port);
    for (let stream = 0; stream < STREAMS; stream++) {
      peer.zeroCopy.requestStream(empty, CREDIT, new IgnoringSubscriber());
    }
    peers.push(peer);
  }
  return () => {
    for (const peer of peers) peer.destroy();
  };
}

async function openAlphas(port: number, connections: number): Promise<() => void> {
  const library = alphaLibrary();
  if (library === undefined) throw new Error('rsocket 1.0.0-alpha.3 is not installed');
  const ignore = { onNext() {}, onComplete() {}, onError() {}, onExtension() {} };
  const sockets: AlphaSocket[] = [];
  for (let i = 0; i < connections; i++) {
    const socket = await connectAlpha(library, port);
    // An empty payload makes that library's server break, so a byte says that nothing is wanted.
    for (let stream = 0; stream < STREAMS; stream++) socket.requestStream({ data: NOTHING }, CREDIT, ignore);
    sockets.push(socket);
  }
  return () => {
    for (const socket of sockets) socket.close();
  };
}

const NOTHING: Buffer = Buffer.alloc(0);

function row(contender: string, rss: readonly number[], connections: number): ResultRow {
  const megabytes = rss.map((bytes) => bytes / MEGABYTE);
  return {
    group: serverMemoryGroup.name,
    contender,
    unit: `MB RSS, ${connections} connections x ${STREAMS} streams`,
    median: megabytes.at(-1) as number,
    min: Math.min(...megabytes),
    max: Math.max(...megabytes),
    samples: megabytes,
  };
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
