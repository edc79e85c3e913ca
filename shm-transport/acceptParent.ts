import { adoptProcessCounters } from '../counters/index.ts';
import { RSocketError } from '../flyweight/index.ts';
import { isInvitation, LINK_VERSION, type LinkInvitation } from './LinkInvitation.ts';
import { refuse } from './openLink.ts';
import { platform } from './platform.ts';
import { WorkerPeer, type WorkerPeerOptions } from './WorkerPeer.ts';

/** How a worker answers its parent. */
export type AcceptParentOptions = WorkerPeerOptions;

interface Acceptor {
  readonly options: AcceptParentOptions;
  readonly resolve: (peer: Promise<WorkerPeer>) => void;
}

/** Those who wait for an invitation, in order. */
const acceptors: Acceptor[] = [];
let stopListening: (() => void) | undefined;

/**
 * Accepts the link that the parent makes with `connectWorker`. Call it in the worker before anything else listens to
 * `parentPort`, which would take the invitation away. Each call accepts one link, in the order of the calls; the worker
 * stays alive while it waits.
 *
 * @throws RSocketError (as rejection) ERR_FLYSOCKET_NO_PARENT in a thread that has none, else as `openLink`
 */
export function acceptParent(options: AcceptParentOptions = {}): Promise<WorkerPeer> {
  // One listener for all: it goes as soon as nobody waits, and what comes then waits in the port.
  if (acceptors.length === 0) stopListening = platform.listenToParent(onMessage);
  if (stopListening === undefined) {
    return Promise.reject(new RSocketError('ERR_FLYSOCKET_NO_PARENT', 'acceptParent is for worker threads'));
  }
  return new Promise((resolve) => {
    acceptors.push({ options, resolve });
  });
}

function onMessage(message: unknown): void {
  if (!isInvitation(message)) return;
  const { options, resolve } = acceptors.shift() as Acceptor;
  if (acceptors.length === 0) stopListening?.();
  resolve(accept(message, options));
}

async function accept(invitation: LinkInvitation, options: AcceptParentOptions): Promise<WorkerPeer> {
  try {
    const { version, counters } = invitation;
    if (version === LINK_VERSION && counters !== undefined) adoptProcessCounters(counters, platform.threadId);
  } catch (error) {
    refuse(invitation, error);
    throw error;
  }
  return WorkerPeer.open(invitation, options);
}
