import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { connectWorker, introduce, type WorkerPeer } from 'flysocket/shm-transport';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { turn } from '../tck/until.ts';
import type { MeshOrders } from './linkMesh.worker.ts';
import { errorOf, exitOf, SMALL_RING, withWorker } from './linkSupport.ts';

const test = suite('introduce');

interface Member {
  readonly worker: Worker;
  readonly peer: WorkerPeer;
}

async function withMembers(orders: MeshOrders[], use: (members: Member[]) => Promise<void>): Promise<void> {
  const workers = orders.map(
    (workerData) => new Worker(new URL('./linkMesh.worker.js', import.meta.url), { workerData }),
  );
  try {
    const members = workers.map(async (worker) => ({ worker, peer: await connectWorker(worker) }));
    await use(await Promise.all(members));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

async function ask({ peer }: Member, order: string): Promise<string> {
  return (await peer.requestResponse(order)).dataUtf8();
}

/** A link's end travels beside the requests, so it may be heard of a moment later. */
async function untilCount(member: Member, count: string): Promise<void> {
  for (let attempt = 0; (await ask(member, 'count')) !== count; attempt++) {
    if (attempt === 1_000) throw new Error(`never had ${count} links`);
    await turn();
  }
}

test('two workers talk to each other directly, either way', () =>
  withMembers([{ self: 'ann' }, { self: 'bob' }], async (members) => {
    const [ann, bob] = members as [Member, Member];
    await introduce(ann.peer, bob.peer, { name: 'direct', ringCapacity: SMALL_RING });
    assert.is(await ask(ann, 'ask direct'), 'ann heard: I am bob');
    assert.is(await ask(bob, 'ask direct'), 'bob heard: I am ann');
    await ask(ann, 'close direct');
    assert.is(await ask(ann, 'count'), '0');
    await untilCount(bob, '0');
    await Promise.all([ann.peer.close(), bob.peer.close()]);
    assert.equal(await Promise.all([exitOf(ann.worker), exitOf(bob.worker)]), [0, 0]);
  }));

test('a mesh of three, all introduced at once, outlives the links to the parent', () =>
  withMembers([{ self: 'ann' }, { self: 'bob' }, { self: 'cid' }], async (members) => {
    const [ann, bob, cid] = members as [Member, Member, Member];
    await Promise.all([
      introduce(ann.peer, bob.peer, { name: 'ab' }),
      introduce(bob.peer, cid.peer, { name: 'bc' }),
      introduce(cid.peer, ann.peer, { name: 'ca' }),
    ]);
    const heard = await Promise.all([ask(ann, 'ask ca'), ask(bob, 'ask ab'), ask(cid, 'ask bc')]);
    assert.equal(heard, ['ann heard: I am cid', 'bob heard: I am ann', 'cid heard: I am bob']);
    await ann.worker.terminate();
    await ann.peer.onClose;
    assert.is(await ask(bob, 'ask bc'), 'bob heard: I am cid');
    await untilCount(bob, '1');
  }));

test('the default name tells both', () =>
  withMembers([{ self: 'ann' }, { self: 'bob' }], async (members) => {
    const [ann, bob] = members as [Member, Member];
    await introduce(ann.peer, bob.peer);
    assert.is(await ask(ann, 'count'), '1');
  }));

for (const [introductions, why] of [
  ['refuse', 'not wanted'],
  ['ignore', 'not wanted'],
  ['throw', 'not today'],
] as const) {
  test(`a side that does not take part (${introductions}) is named, and the other one has no link either`, () =>
    withMembers([{ self: 'ann' }, { self: 'bob', introductions }], async (members) => {
      const [ann, bob] = members as [Member, Member];
      for (const pair of [
        [ann, bob],
        [bob, ann],
      ] as [Member, Member][]) {
        const error = await errorOf(introduce(pair[0].peer, pair[1].peer));
        assert.is(error.code, 'ERR_FLYSOCKET_LINK_REFUSED');
        assert.match(error.message, bob.peer.link.name);
        assert.match(error.message, why);
      }
      assert.is(await ask(ann, 'count'), '0');
      assert.is(await ask(bob, 'count'), '0');
    }));
}

test('a side whose thread ends meanwhile, or has ended', () =>
  withMembers([{ self: 'ann' }, { self: 'bob' }], async (members) => {
    const [ann, bob] = members as [Member, Member];
    const introduced = errorOf(introduce(ann.peer, bob.peer));
    await bob.worker.terminate();
    assert.is((await introduced).code, 'ERR_FLYSOCKET_PEER_DIED');
    assert.is((await errorOf(introduce(bob.peer, ann.peer))).code, 'ERR_FLYSOCKET_PEER_DIED');
    await ann.peer.close();
    assert.is((await errorOf(introduce(bob.peer, ann.peer))).code, 'ERR_FLYSOCKET_PEER_DIED');
  }));

test('a side that does not answer', () => {
  const gate = new Int32Array(new SharedArrayBuffer(4));
  gate[0] = 1;
  return withWorker(new URL('./linkEcho.worker.js', import.meta.url), { gate: gate.buffer }, (deaf) =>
    withMembers([{ self: 'ann' }], async ([ann]) => {
      const peer = await connectWorker(deaf);
      const holding = once(deaf, 'message');
      const asked = peer.requestResponse('ask 0');
      await holding;
      peer.link.notes.send({ unknown: 'note' });
      const error = await errorOf(introduce((ann as Member).peer, peer, { timeoutMs: 100 }));
      assert.is(error.code, 'ERR_FLYSOCKET_LINK_TIMEOUT');
      Atomics.store(gate, 0, 0);
      Atomics.notify(gate, 0);
      await asked;
    }),
  );
});

test('rings of no size', () =>
  withMembers([{ self: 'ann' }], async ([ann]) => {
    const { peer } = ann as Member;
    assert.is((await errorOf(introduce(peer, peer, { ringCapacity: 3 }))).code, 'ERR_FLYSOCKET_RING_CAPACITY');
  }));

test.run();
