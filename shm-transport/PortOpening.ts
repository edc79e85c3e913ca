import { BlockKind, processCounters } from '../counters/index.ts';
import { RSocketError } from '../flyweight/index.ts';
import type { LinkHello, PortInvitation } from './LinkInvitation.ts';
import { PortConnection } from './PortConnection.ts';

/** This side of a link over a port, while it waits for the other side. */
export class PortOpening {
  readonly greeting: { readonly batchLength: number };
  readonly #invitation: PortInvitation;

  constructor(invitation: PortInvitation) {
    this.#invitation = invitation;
    this.greeting = { batchLength: invitation.batchLength };
  }

  join(theirs: LinkHello): PortConnection {
    const { name, port, batchLength } = this.#invitation;
    if (theirs.batchLength !== batchLength) {
      const sizes = `theirs ${theirs.batchLength}, ours ${batchLength}`;
      throw new RSocketError('ERR_FLYSOCKET_LINK_REFUSED', `link "${name}": the batches differ in size: ${sizes}`);
    }
    const counters = processCounters().allocate(BlockKind.LINK, name);
    return new PortConnection({ port, batchLength, counters, peerLife: theirs.life });
  }

  discard(): void {}
}
