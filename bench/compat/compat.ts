import { TcpClientTransport } from 'flysocket/compat/rsocket-core';
import type { Contender, Group } from '../harness/Contender.ts';
import { AlphaRequests, connectAlpha, connectAlphaBy } from '../network/AlphaRequests.ts';
import { type AlphaLibrary, alphaLibrary, zeroLibrary } from '../network/rivalLibraries.ts';
import { AlphaInThreads } from './AlphaInThreads.ts';
import { ZeroInThreads } from './ZeroInThreads.ts';

const SOME = 16;
const MANY = 256;
const OUR_RING = 'on flysocket, rings';
const OUR_TCP = 'on flysocket, TCP';
const OWN_TCP = 'on its own TCP';

function alphaOverTcp(inFlight: number, batch: number, library: AlphaLibrary): Contender[] {
  const connectByOurs = (port: number): ReturnType<typeof connectAlpha> =>
    connectAlphaBy(library, new TcpClientTransport({ connectionOptions: { port, host: '127.0.0.1' } }));
  return [
    new AlphaRequests(OUR_TCP, inFlight, batch, 'alpha-tcp-ours', connectByOurs),
    new AlphaRequests(OWN_TCP, inFlight, batch, 'alpha-tcp', (port) => connectAlpha(library, port)),
  ];
}

function overTcp(inFlight: number, goal: number): Group {
  return {
    name: `compat/alpha.3 between processes, ${inFlight} in flight`,
    unit: 'operations/s',
    ratios: [{ name: 'our TCP / its own', contender: OUR_TCP, against: OWN_TCP, goal }],
    contenders: () => {
      const library = alphaLibrary();
      return library === undefined ? [] : alphaOverTcp(inFlight, 5_000, library);
    },
  };
}

/** npm rsocket as it is, on our transports and on its own. */
export const compatGroups: Group[] = [
  {
    name: 'compat/alpha.3 between threads, 16 in flight',
    unit: 'operations/s',
    ratios: [{ name: 'our rings / its TCP', contender: OUR_RING, against: OWN_TCP, goal: 2 }],
    contenders: () => {
      const library = alphaLibrary();
      if (library === undefined) return [];
      return [
        new AlphaInThreads(OUR_RING, SOME, 10_000, library, 'shm'),
        new AlphaInThreads(OWN_TCP, SOME, 5_000, library, 'tcp'),
      ];
    },
  },
  {
    name: 'compat/0.0.27 between threads, 256 in flight',
    unit: 'operations/s',
    ratios: [{ name: 'our rings / its TCP', contender: OUR_RING, against: OWN_TCP, goal: 2 }],
    contenders: () => {
      const library = zeroLibrary();
      if (library === undefined) return [];
      return [
        new ZeroInThreads(OUR_RING, MANY, 10_000, library, 'shm'),
        new ZeroInThreads(OWN_TCP, MANY, 10_000, library, 'tcp'),
      ];
    },
  },
  overTcp(SOME, 1.5),
  overTcp(MANY, 1.5),
];
