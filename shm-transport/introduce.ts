import { RSocketError } from '../flyweight/index.ts';
import { chooseTransport, type LinkChoice } from './chooseTransport.ts';
import { isIntroductionAnswer } from './Introduction.ts';
import type { LinkInvitation } from './LinkInvitation.ts';
import type { WorkerPeer } from './WorkerPeer.ts';

/** How long `introduce` waits for both answers. */
export const INTRODUCTION_TIMEOUT_MS = 15_000;

/** What the introducer chooses for a link that it will not use. */
export interface IntroduceOptions extends LinkChoice {
  /** Names the new link in counters and messages. Default: the names of the two links, with a dash between. */
  readonly name?: string | undefined;
  /** Default `INTRODUCTION_TIMEOUT_MS`. */
  readonly timeoutMs?: number | undefined;
}

let nextId = 1;

/**
 * Links two threads that this thread is linked with. They then talk to each other directly; this thread only brokers.
 * Each decides by `onIntroduction` whether it takes part and how it answers. Resolves when the link is open on both
 * sides.
 *
 * @param peerA side 0 of the new link: its stream ids are odd; @param peerB side 1
 * @throws RSocketError (as rejection) ERR_FLYSOCKET_LINK_REFUSED if a side does not take part or fails to;
 *   ERR_FLYSOCKET_PEER_DIED or ERR_FLYSOCKET_CONNECTION_CLOSED if its link to this thread ends;
 *   ERR_FLYSOCKET_LINK_TIMEOUT, after which both may still come together; and as `chooseTransport`
 */
export async function introduce(peerA: WorkerPeer, peerB: WorkerPeer, options: IntroduceOptions = {}): Promise<void> {
  const name = options.name ?? `${peerA.link.name} - ${peerB.link.name}`;
  const timeoutMs = options.timeoutMs ?? INTRODUCTION_TIMEOUT_MS;
  const [forA, forB] = chooseTransport(name, options);
  const failures = await Promise.all([invite(peerA, forA, timeoutMs), invite(peerB, forB, timeoutMs)]);
  // If one side fails the other one cannot but follow: what came first is what to tell.
  const failure = failures.find((each) => each?.isConsequence === false) ?? failures[0] ?? failures[1];
  if (failure !== undefined) throw failure.error;
}

interface Failure {
  readonly error: RSocketError;
  /** This side failed because the other one had gone. */
  readonly isConsequence: boolean;
}

function invite({ link }: WorkerPeer, invitation: LinkInvitation, timeoutMs: number): Promise<Failure | undefined> {
  const { name, port } = invitation;
  const id = nextId++;
  return new Promise((resolve) => {
    const fail = (code: string, message: string, isConsequence = false): void => {
      settle({ error: new RSocketError(code, `link "${name}", side of "${link.name}": ${message}`), isConsequence });
    };
    const settle = (failure: Failure | undefined): void => {
      clearTimeout(timer);
      link.notes.remove(onNote);
      resolve(failure);
    };
    const onNote = (note: unknown): void => {
      if (!isIntroductionAnswer(note) || note.id !== id) return;
      if (note.refusal === undefined) {
        settle(undefined);
        return;
      }
      const { code, message } = note.refusal;
      fail('ERR_FLYSOCKET_LINK_REFUSED', `refused: ${code}: ${message}`, code === 'ERR_FLYSOCKET_PEER_DIED');
    };
    const timer = setTimeout(() => fail('ERR_FLYSOCKET_LINK_TIMEOUT', `no answer within ${timeoutMs} ms`), timeoutMs);
    link.onClose.then((error) => {
      port.close();
      fail(error?.code ?? 'ERR_FLYSOCKET_CONNECTION_CLOSED', error?.message ?? 'the link to it was closed');
    });
    link.notes.add(onNote);
    link.notes.send({ flysocket: 'introduction', id, invitation }, [port]);
  });
}
