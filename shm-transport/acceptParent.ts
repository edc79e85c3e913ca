import { parentPort, threadId } from 'node:worker_threads';
import { adoptProcessCounters } from '../counters/index.ts';
import { RSocketError } from '../flyweight/index.ts';
import { isInvitation, type LinkInvitation } from './LinkInvitation.ts';
import { WorkerPeer, type WorkerPeerOptions } from './WorkerPeer.ts';

export interface AcceptParentOptions extends WorkerPeerOptions {
  /** Called for each worker that the parent introduces to this one, with the options for the link to it. */
  readonly onIntroduction?: ((name: string) => WorkerPeerOptions & { onPeer: (peer: WorkerPeer) => void }) | undefined;
}

/**
 * Accepts the link that the parent makes with `connectWorker`. Call it in the worker before anything else listens to
 * `parentPort`, which would take the invitation away. Each call accepts one link; the worker stays alive while it waits.
 *
 * @throws RSocketError (as rejection) ERR_FLYSOCKET_NO_PARENT in a thread that has none, else as `openLink`
 */
export function acceptParent(options: AcceptParentOptions = {}): Promise<WorkerPeer> {
  const port = parentPort;
  if (port === null) {
    return Promise.reject(new RSocketError('ERR_FLYSOCKET_NO_PARENT', 'acceptParent is for worker threads'));
  }
  return new Promise((resolve, reject) => {
    const onMessage = (message: unknown): void => {
      if (!isInvitation(message)) return;
      port.off('message', onMessage);
      accept(message, options).then(resolve, reject);
    };
    port.on('message', onMessage);
  });
}

function accept(invitation: LinkInvitation, options: AcceptParentOptions): Promise<WorkerPeer> {
  adoptProcessCounters(invitation.counters, threadId);
  return WorkerPeer.open(invitation, options);
}
