import { MAX_OUTBOUND_BYTES, NO_KEEP_ALIVE_MS, RSocketPeer, type RSocketPeerOptions } from '../core/index.ts';
import { RSocketError } from '../flyweight/index.ts';
import { countedPoolOfThisThread } from './countedPoolOfThisThread.ts';
import { type Introduction, type IntroductionAnswer, isIntroduction } from './Introduction.ts';
import type { LinkInvitation } from './LinkInvitation.ts';
import { type OpenLinkOptions, openLink, refusalOf, refuse } from './openLink.ts';
import type { WorkerLink } from './WorkerLink.ts';

/** A thread's end is told by its port, so nobody need ask whether it lives. */
const NO_KEEP_ALIVE = { keepAliveIntervalMs: NO_KEEP_ALIVE_MS, maxLifetimeMs: NO_KEEP_ALIVE_MS };
/** Threads of one process trust each other. */
const ENTRANCE = { maxLifetimeMs: NO_KEEP_ALIVE_MS, maxHeldBytes: MAX_OUTBOUND_BYTES };

/** What both ends of a link may choose. */
export interface WorkerPeerOptions
  extends Partial<Omit<RSocketPeerOptions, 'firstStreamId' | 'counters' | 'entrance' | 'positions' | 'onAccepted'>>,
    OpenLinkOptions {
  /**
   * Called when the thread at the other end wants to link this thread with a third one (`introduce`): the options for
   * that link, or undefined to refuse it. Without this function all are refused.
   * @param name that of the new link
   */
  readonly onIntroduction?: ((name: string) => IntroducedPeerOptions | undefined) | undefined;
}

/** What the side of an introduction chooses that takes part. */
export interface IntroducedPeerOptions extends WorkerPeerOptions {
  /** Gets the new peer, once its link is open and before any of its requests. */
  readonly onPeer: (peer: WorkerPeer) => void;
}

/** A program in another thread: an RSocket whose frames cross in shared memory, or else through a port. */
export class WorkerPeer extends RSocketPeer {
  readonly link: WorkerLink;
  readonly #onIntroduction: ((name: string) => IntroducedPeerOptions | undefined) | undefined;

  /**
   * @param side 0 for who asked for the link, the client: it sends a SETUP; 1 for the server, which waits for it
   * @param onAccepted called on side 1 when the SETUP has been accepted
   */
  constructor(link: WorkerLink, side: 0 | 1, options: WorkerPeerOptions, onAccepted?: () => void) {
    super(link, {
      maxCancelsPerSecond: Number.POSITIVE_INFINITY,
      maxProvokedErrorsPerSecond: Number.POSITIVE_INFINITY,
      ...options,
      ...(side === 0 ? { setup: { ...NO_KEEP_ALIVE, ...options.setup } } : { setup: undefined, entrance: ENTRANCE }),
      onAccepted,
      firstStreamId: side === 0 ? 1 : 2,
      pool: options.pool ?? countedPoolOfThisThread(),
      counters: link.counters,
    });
    this.link = link;
    this.#onIntroduction = options.onIntroduction;
    link.notes.add((note) => {
      if (isIntroduction(note)) this.#accept(note);
    });
  }

  /**
   * Opens this side of a link and puts a peer on it. `onPeer` gets it before any request of the other side.
   * @throws RSocketError (as rejection) as `openLink`; what ended the link if that was before its SETUP was accepted
   */
  static async open(
    invitation: LinkInvitation,
    options: WorkerPeerOptions,
    onPeer: (peer: WorkerPeer) => void = ignore,
  ): Promise<WorkerPeer> {
    const link = await openLink(invitation, options);
    if (invitation.side === 0) {
      const client = new WorkerPeer(link, 0, options);
      onPeer(client);
      return client;
    }
    return new Promise((resolve, reject) => {
      const server = new WorkerPeer(link, 1, options, () => {
        onPeer(server);
        resolve(server);
      });
      link.onClose.then((error) => {
        reject(error ?? new RSocketError('ERR_FLYSOCKET_CONNECTION_CLOSED', `link "${link.name}" was closed at once`));
      });
    });
  }

  /** The process stays alive for this link. So it does from the start. */
  ref(): this {
    this.link.ref();
    return this;
  }

  /** The process may exit though this link is open. */
  unref(): this {
    this.link.unref();
    return this;
  }

  async #accept({ id, invitation }: Introduction): Promise<void> {
    let answer: IntroductionAnswer = { flysocket: 'introduced', id };
    try {
      const options = this.#onIntroduction?.(invitation.name);
      if (options === undefined) {
        throw new RSocketError('ERR_FLYSOCKET_LINK_REFUSED', `link "${invitation.name}" is not wanted here`);
      }
      await WorkerPeer.open(invitation, options, options.onPeer);
    } catch (error) {
      refuse(invitation, error);
      answer = { ...answer, refusal: refusalOf(error) };
    }
    this.link.notes.send(answer);
  }
}

function ignore(): void {}
