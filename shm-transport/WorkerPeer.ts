import { RSocketPeer, type RSocketPeerOptions } from '../core/index.ts';
import { RSocketError } from '../flyweight/index.ts';
import { type Introduction, type IntroductionAnswer, isIntroduction } from './Introduction.ts';
import type { LinkInvitation } from './LinkInvitation.ts';
import { type OpenLinkOptions, openLink, refusalOf, refuse } from './openLink.ts';
import { poolOfThisThread } from './poolOfThisThread.ts';
import type { ShmLink } from './ShmLink.ts';

/** What both ends of a link may choose. */
export interface WorkerPeerOptions
  extends Partial<Omit<RSocketPeerOptions, 'firstStreamId' | 'counters'>>,
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

/** A program in another thread: an RSocket whose frames cross in shared memory. */
export class WorkerPeer extends RSocketPeer {
  readonly link: ShmLink;
  readonly #onIntroduction: ((name: string) => IntroducedPeerOptions | undefined) | undefined;

  constructor(link: ShmLink, side: 0 | 1, options: WorkerPeerOptions) {
    super(link, {
      ...options,
      firstStreamId: side === 0 ? 1 : 2,
      pool: options.pool ?? poolOfThisThread(),
      counters: link.counters,
    });
    this.link = link;
    this.#onIntroduction = options.onIntroduction;
    link.notes.add((note) => {
      if (isIntroduction(note)) this.#accept(note);
    });
  }

  /** Opens this side of a link and puts a peer on it. @throws RSocketError (as rejection) as `openLink` */
  static async open(invitation: LinkInvitation, options: WorkerPeerOptions): Promise<WorkerPeer> {
    return new WorkerPeer(await openLink(invitation, options), invitation.side, options);
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
      options.onPeer(await WorkerPeer.open(invitation, options));
    } catch (error) {
      refuse(invitation, error);
      answer = { ...answer, refusal: refusalOf(error) };
    }
    this.link.notes.send(answer);
  }
}
