import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { MessageChannel } from 'node:worker_threads';
import { ShmClientTransport, ShmServerTransport } from 'flysocket/compat/rsocket-core';
import { RSocketConnector, RSocketServer } from 'rsocket-core';
import * as assert from 'uvu/assert';
import { RouteClient } from '../../examples/routed-service/RouteClient.ts';
import { RouteTable } from '../../examples/routed-service/RouteTable.ts';
import { suite } from '../support/suite.ts';
import { turns, until } from '../tck/until.ts';

const test = suite('routed-service');
const PROGRAM = fileURLToPath(new URL('../../examples/routed-service/main.js', import.meta.url));
const TIMEOUT_MS = 9_000;

const OUTPUT = `airports: 2
nearest: LOWG
{"from":"LOWW","flight":1}
{"from":"LOWW","flight":2}
{"from":"LOWW","flight":3}
{"from":"LOWW","flight":4}
{"from":"LOWW","flight":5}
{"from":"LOWW","flight":6}
No handler for destination 'airports.close'
`;

test('the program prints what its routes answer, and ends', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM], { encoding: 'utf8', timeout: TIMEOUT_MS });
  assert.is(stderr, '');
  assert.is(stdout, OUTPUT);
  assert.is(status, 0);
});

/** The table and the client, connected within this thread. */
async function withRoutes(routes: RouteTable, body: (client: RouteClient) => Promise<void>): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  const server = new RSocketServer({
    transport: new ShmServerTransport({ port: port2 }),
    acceptor: { accept: async () => routes.responder() },
  });
  const bound = await server.bind();
  const rsocket = await new RSocketConnector({ transport: new ShmClientTransport({ port: port1 }) }).connect();
  try {
    await body(new RouteClient(rsocket));
  } finally {
    rsocket.close();
    bound.close();
    port1.close();
  }
}

test('a stream that is read slowly is not run ahead of by more than was asked for', () => {
  let made = 0;
  const routes = new RouteTable().source('numbers', function* () {
    for (;;) yield made++;
  });
  return withRoutes(routes, async (client) => {
    const numbers = client.stream('numbers');
    assert.equal(await numbers.next(), { done: false, value: 0 });
    await turns(5);
    assert.is(made, 4);
    for (let n = 1; n < 6; n++) await numbers.next();
    await until(() => made === 8, 'four more were asked for');
    await turns(5);
    assert.is(made, 8);
    await numbers.return();
  });
});

test('what a handler throws is the error of its request, and of its stream', () => {
  const routes = new RouteTable()
    .method('bad', () => {
      throw new Error('not today');
    })
    .source('some', function* () {
      yield 1;
      throw new Error('no more');
    })
    .source('none', function* () {});
  return withRoutes(routes, async (client) => {
    assert.is(await client.request('bad').catch((error: Error) => error.message), 'not today');
    const some = client.stream('some');
    assert.is((await some.next()).value, 1);
    assert.is(await some.next().catch((error: Error) => error.message), 'no more');
    assert.equal(await client.stream('none').next(), { done: true, value: undefined });
  });
});

test.run();
