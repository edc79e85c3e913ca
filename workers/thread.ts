/** What piscina runs in a worker thread: links the thread with its pool. All calls come over the link. */
import { threadId } from 'node:worker_threads';
import { adoptProcessCounters } from '../counters/index.ts';
import { RSocketError } from '../flyweight/index.ts';
import { WorkerPeer } from '../shm-transport/index.ts';
import { CallResponder } from './answers/CallResponder.ts';
import { ModuleFunctions } from './answers/ModuleFunctions.ts';
import { ParentCalls } from './answers/ParentCalls.ts';
import { CallLink } from './calls/CallLink.ts';
import { peerOptionsOf } from './threads/peerOptionsOf.ts';
import type { ThreadOrders, ThreadReport } from './threads/ThreadOrders.ts';
import { describeThrown } from './values/describeThrown.ts';
import { loadSerializer } from './values/loadSerializer.ts';
import { ValueCodec } from './values/ValueCodec.ts';
import { ValuePort } from './values/ValuePort.ts';

/** Called by piscina, once in each thread. Returns when the link is open and the pool's file loaded. */
export async function link(orders: ThreadOrders): Promise<ThreadReport> {
  const { invitation, filename, name } = orders;
  if (invitation.counters !== undefined) adoptProcessCounters(invitation.counters, threadId);
  const functions = new ModuleFunctions();
  const values = new ValuePort(orders.values);
  const codec = new ValueCodec(await loadSerializer(orders.serializer), values);
  const responder = new CallResponder(functions, new Int32Array(orders.started));
  await WorkerPeer.open(invitation, peerOptionsOf(responder), (peer) => {
    const callLink = new CallLink(peer, codec, values);
    responder.attach(callLink, new ParentCalls(callLink));
  });
  if (filename === null) return { failure: undefined };
  try {
    await functions.find(filename, name);
    return { failure: undefined };
  } catch (error) {
    // Calls may name other exports; those that name this one hear of it.
    if (error instanceof RSocketError && error.code === 'ERR_FLYSOCKET_NO_FUNCTION') return { failure: undefined };
    return { failure: isClonable(error) ? error : describeThrown(error) };
  }
}

function isClonable(value: unknown): boolean {
  try {
    structuredClone(value);
    return true;
  } catch {
    return false;
  }
}
