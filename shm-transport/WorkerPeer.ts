import { RSocketPeer, type RSocketPeerOptions } from '../core/index.ts';
import { BufferPool } from '../pool/index.ts';
import type { LinkInvitation } from './LinkInvitation.ts';
import { type OpenLinkOptions, openLink } from './openLink.ts';
import type { ShmLink } from './ShmLink.ts';

/** What both ends of a link may choose. */
export interface WorkerPeerOptions
  extends Partial<Omit<RSocketPeerOptions, 'firstStreamId' | 'counters'>>,
    OpenLinkOptions {}

/** A program in another thread: an RSocket whose frames cross in shared memory. */
export class WorkerPeer extends RSocketPeer {
  readonly link: ShmLink;

  constructor(link: ShmLink, side: 0 | 1, options: WorkerPeerOptions) {
    super(link, {
      ...options,
      firstStreamId: side === 0 ? 1 : 2,
      pool: options.pool ?? poolOfThisThread(),
      counters: link.counters,
    });
    this.link = link;
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
}

let pool: BufferPool | undefined;

/** Memory for what waits and what is put together again, for all links of this thread that bring none of their own. */
export function poolOfThisThread(): BufferPool {
  pool ??= new BufferPool({ label: 'links' });
  return pool;
}
