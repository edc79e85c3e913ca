import { DirectBuffer, ErrorFlyweight, FrameType } from 'flysocket/flyweight';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { turns } from '../tck/until.ts';
import { alpha3 } from './alpha3.ts';
import { errorCodeOf } from './errorCodeOf.ts';
import { type FlysocketEnd, flysocket, poolIsQuiescent } from './flysocket.ts';
import { generation0 } from './generation0.ts';
import type { End, Implementation } from './Implementation.ts';
import { item, textOf } from './Item.ts';
import { LINKS, RIVALS } from './rivals.ts';
import { Tap } from './Tap.ts';
import { withEnds } from './withEnds.ts';

const test = suite('LEASE');
const WANTED = {};
const TWO = { requests: 2 };

/** Grants of ours are kept to by clients and servers of `rival`. */
for (const rival of RIVALS) {
  for (const link of LINKS) {
    test(`a client of ${rival.name} makes no more requests than we grant, over ${link}`, () =>
      withEnds(
        { client: rival, server: flysocket, link, clientSettings: { lease: WANTED }, serverSettings: { lease: TWO } },
        ({ client, server }) => keepsToLease(rival, client, server),
      ));

    // Its WebSocket server with leases does not survive the end of a connection.
    if (rival === generation0 && link === 'ws') continue;
    test(`a server of ${rival.name} makes no more requests than we grant, over ${link}`, () =>
      withEnds(
        { client: flysocket, server: rival, link, clientSettings: { lease: TWO }, serverSettings: { lease: WANTED } },
        ({ client, server }) => keepsToLease(rival, server, client),
      ));
  }
}

/** What `granter` grants is two requests; then more by hand. */
async function keepsToLease(rival: Implementation, asker: End, granter: End): Promise<void> {
  // A lease is on its way, and this generation fails what comes before it.
  if (rival === generation0) await untilAnswered(asker);
  else await asker.requestResponse(item('1')).response;
  assert.is(textOf(await asker.requestResponse(item('2')).response), '2');
  let outcome: string | undefined;
  const third = asker.requestResponse(item('3')).response.then(textOf, (error: Error) => error.message);
  third.then((how) => {
    outcome = how;
  });
  await turns(20);
  if (rival === generation0) {
    assert.match(outcome as string, 'Missing leases');
  } else {
    assert.is(outcome, undefined);
    (granter as FlysocketEnd).peer.grantLease({ requests: 1, ttlMs: 60_000 });
    assert.is(await third, '3');
  }
}

async function untilAnswered(asker: End): Promise<void> {
  for (;;) {
    const answer = await asker.requestResponse(item('1')).response.then(textOf, (error: Error) => error.message);
    if (answer === '1') return;
    assert.is(answer, 'Lease was not received yet');
    await turns(1);
  }
}

for (const [client, server, role] of [
  [flysocket, generation0, 'server'],
  [generation0, flysocket, 'client'],
] as const) {
  test(`we make no more requests than a ${role} of ${generation0.name} grants`, () => {
    const settings =
      role === 'server'
        ? { clientSettings: { lease: WANTED }, serverSettings: { lease: TWO } }
        : { clientSettings: { lease: TWO }, serverSettings: { lease: WANTED } };
    return withEnds({ client, server, link: 'tcp', ...settings, tapped: true }, async (ends) => {
      const asker = (role === 'server' ? ends.client : ends.server) as FlysocketEnd;
      assert.is(textOf(await asker.requestResponse(item('1')).response), '1');
      assert.is(textOf(await asker.requestResponse(item('2')).response), '2');
      const third = asker.requestResponse(item('3'));
      third.response.catch(() => {});
      await turns(20);
      assert.is(ends.tap?.count(role === 'server' ? 'client' : 'server', FrameType.REQUEST_RESPONSE), 2);
      assert.is(asker.peer.zeroCopy.permits, 0);
      third.cancel();
    });
  });
}

for (const rival of RIVALS) {
  test(`a client of ${rival.name} that wants leases is refused where there are none`, async () => {
    const UNSUPPORTED_SETUP = 2;
    const listener = await flysocket.listen('tcp');
    const tap = await Tap.before(listener.port);
    const end = await rival.connect('tcp', tap.port, { lease: WANTED });
    await end.closed;
    const refusal = tap.frames.find(({ from }) => from === 'server')?.bytes as Uint8Array;
    assert.is(ErrorFlyweight.errorCode(new DirectBuffer(refusal), 0), UNSUPPORTED_SETUP);
    tap.close();
    await listener.close();
    await poolIsQuiescent();
  });

  test(`a server of ${rival.name} without leases refuses us if we want them`, async () => {
    const listener = await rival.listen('tcp');
    const end = await flysocket.connect('tcp', listener.port, { lease: WANTED });
    const [INVALID_SETUP, REJECTED_SETUP] = [1, 3];
    assert.is(errorCodeOf(await end.closed), rival === alpha3 ? REJECTED_SETUP : INVALID_SETUP);
    await listener.close();
    await poolIsQuiescent();
  });
}

test.run();
