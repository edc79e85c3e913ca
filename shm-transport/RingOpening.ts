import { BlockKind, type CounterBlock, processCounters } from '../counters/index.ts';
import { RSocketError } from '../flyweight/index.ts';
import { DrainLoop } from './DrainLoop.ts';
import type { LinkHello, RingInvitation } from './LinkInvitation.ts';
import { OneToOneRingBuffer } from './OneToOneRingBuffer.ts';
import { ShmLink } from './ShmLink.ts';

/** This side of a link over rings, attached to both of them, while it waits for the other side. */
export class RingOpening {
  readonly greeting: { readonly ringCapacities: readonly [number, number]; readonly cell: SharedArrayBuffer };
  readonly #invitation: RingInvitation;
  readonly #byReference: boolean;
  readonly #rings: readonly OneToOneRingBuffer[];
  readonly #counters: CounterBlock[] = [];

  /** @throws RSocketError if the memory holds no rings */
  constructor(invitation: RingInvitation, byReference: boolean) {
    this.#invitation = invitation;
    this.#byReference = byReference;
    try {
      this.#rings = invitation.rings.map((memory, ring) => this.#attach(memory, ring));
    } catch (error) {
      this.discard();
      throw error;
    }
    this.greeting = { ringCapacities: this.#capacities, cell: DrainLoop.ofThisThread().cell };
  }

  join(theirs: LinkHello): ShmLink {
    const { side, name, control, port } = this.#invitation;
    const [ours0, ours1] = this.#capacities;
    const [theirs0, theirs1] = theirs.ringCapacities ?? [];
    if (ours0 !== theirs0 || ours1 !== theirs1 || theirs.cell === undefined) {
      const sizes = `theirs ${theirs0} and ${theirs1}, ours ${ours0} and ${ours1}`;
      throw new RSocketError('ERR_FLYSOCKET_LINK_REFUSED', `link "${name}": the rings differ in size: ${sizes}`);
    }
    return new ShmLink({
      side,
      outboundRing: this.#rings[side] as OneToOneRingBuffer,
      inboundRing: this.#rings[1 - side] as OneToOneRingBuffer,
      control,
      port,
      peerCell: theirs.cell,
      peerLife: theirs.life,
      loop: DrainLoop.ofThisThread(),
      byReference: this.#byReference,
      counters: processCounters().allocate(BlockKind.LINK, name),
      ringCounters: this.#counters,
    });
  }

  discard(): void {
    for (const block of this.#counters) block.detach();
  }

  get #capacities(): readonly [number, number] {
    const [ring0, ring1] = this.#rings;
    return [(ring0 as OneToOneRingBuffer).capacity, (ring1 as OneToOneRingBuffer).capacity];
  }

  #attach(memory: SharedArrayBuffer, ring: number): OneToOneRingBuffer {
    const { side, name } = this.#invitation;
    const label = `${name} ring ${ring}`;
    const isOurs = ring === side;
    const block = processCounters().allocate(isOurs ? BlockKind.RING_PRODUCER : BlockKind.RING_CONSUMER, label);
    this.#counters.push(block);
    const options = isOurs ? { label, producerCounters: block } : { label, consumerCounters: block };
    return new OneToOneRingBuffer(memory, options);
  }
}
