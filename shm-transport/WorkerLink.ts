import type { CounterBlock } from '../counters/index.ts';
import type { DuplexConnection } from '../transport/index.ts';
import type { LinkBlocks } from './LinkBlocks.ts';
import type { LinkNotes } from './LinkNotes.ts';

/** One end of a link between two threads, whatever carries its frames: a `ShmLink` or a `PortConnection`. */
export interface WorkerLink extends DuplexConnection {
  readonly name: string;
  /** Of kind LINK. After the end, still good for `get`; then nobody else can count on reading it. */
  readonly counters: CounterBlock;
  /** What the two ends tell each other beside frames. */
  readonly notes: LinkNotes;
  /** Outbound bytes that the peer has not given back, and how many that can be. */
  readonly outboundUsage: { used: number; capacity: number };
  /** What went by reference over this link; undefined if nothing can. */
  readonly blocks?: LinkBlocks | undefined;
  /** The process stays alive for this link. So it does from the start. */
  ref(): void;
  /** The process may exit though this link is open. */
  unref(): void;
}
