/** rsocket-js 1.0.0-alpha.3 on the transports of flysocket/compat/rsocket-core. */
import type { AddressInfo } from 'node:net';
import { MessageChannel } from 'node:worker_threads';
import {
  type ServerClosing,
  ShmClientTransport,
  ShmServerTransport,
  TcpClientTransport,
  TcpServerTransport,
  WebsocketClientTransport,
  WebsocketServerTransport,
} from 'flysocket/compat/rsocket-core';
import type { ServerTransport } from 'rsocket-core';
import { type Alpha3Listening, alpha3On } from '../../interop/alpha3.ts';
import type { Implementation } from '../../interop/Implementation.ts';

const HOST = '127.0.0.1';

/** Over sockets. */
export const compatAlpha3: Implementation = alpha3On(
  'rsocket-core on our transports',
  {
    client: (link, port) =>
      link === 'tcp'
        ? new TcpClientTransport({ connectionOptions: { port, host: HOST } })
        : new WebsocketClientTransport({ url: `ws://${HOST}:${port}` }),
    server: (link) =>
      listening(
        link === 'tcp'
          ? new TcpServerTransport({ listenOptions: { port: 0, host: HOST } })
          : new WebsocketServerTransport({ port: 0, host: HOST }),
      ),
  },
  false,
);

/** In shared memory, with both ends in this thread; the link that the tests ask for is of no meaning. */
export function shmAlpha3(): Implementation {
  const { port1, port2 } = new MessageChannel();
  return alpha3On(
    'rsocket-core in shared memory',
    {
      client: () => new ShmClientTransport({ port: port1 }),
      server: () => ({
        transport: new ShmServerTransport({ port: port2 }),
        port: () => 0,
        stop: async () => {
          // What reads from a port keeps the process.
          port1.unref();
        },
      }),
    },
    false,
  );
}

type Bound = ServerClosing<AddressInfo | string | null | { readonly port: number }>;

function listening(transport: TcpServerTransport | WebsocketServerTransport): Alpha3Listening {
  let bound: Bound | undefined;
  const noting: ServerTransport = {
    bind: async (acceptor, factory) => {
      bound = await transport.bind(acceptor, factory);
      return bound;
    },
  };
  return {
    transport: noting,
    port: () => ((bound as Bound).address as AddressInfo).port,
    stop: async () => {},
  };
}
