/**
 * The state of one stream: two halves, one in each direction, each open or ended. All four interactions are that:
 *
 *                     requester: inbound  outbound     responder: inbound  outbound
 *   request-response             1 item   -                       -        1 item
 *   request-stream               granted  -                       -        demand
 *   request-channel              granted  demand                  granted  demand
 *   fire-and-forget              no stream at all
 *
 * Objects are pooled by their `Peer`; whoever keeps one across a callback checks its `id` again.
 */
import type { OutboundEntry } from './OutboundEntry.ts';
import { IGNORING_SUBSCRIBER, type StreamSubscriber } from './StreamSubscriber.ts';

/** The peer may still send items. */
export const INBOUND_OPEN: number = 0b000001;
/** We may still send items. */
export const OUTBOUND_OPEN: number = 0b000010;
/** We made the request. */
export const REQUESTER: number = 0b000100;
/** `next` said `BACK_PRESSURED`, and `onWritable` is owed. */
export const BLOCKED: number = 0b001000;
/** Exactly one item comes or goes, without credit. */
export const SINGLE: number = 0b010000;
/** The peer granted items without end. */
export const UNBOUNDED_DEMAND: number = 0b100000;

export class Stream {
  /** Stream id; 0 while it lies in the pool. */
  id = 0;
  state = 0;
  subscriber: StreamSubscriber = IGNORING_SUBSCRIBER;
  /** Items that the peer may still send by what we told it; at most 2^31 - 1. */
  granted = 0;
  /** Items that our subscriber has asked for and not got. */
  wanted = 0;
  /** Items that we may still send. */
  demand = 0;
  /** Its payload whose fragments had to wait, if there was one; see `isWaiting`. */
  waiting: OutboundEntry | undefined = undefined;

  open(id: number, state: number, subscriber: StreamSubscriber): void {
    this.id = id;
    this.state = state;
    this.subscriber = subscriber;
    this.granted = 0;
    this.wanted = 0;
    this.demand = 0;
    this.waiting = undefined;
  }

  /** True while fragments of its payload are still to be sent. Entries are reused, so the one it had is looked at. */
  get isWaiting(): boolean {
    const waiting = this.waiting;
    if (waiting === undefined) return false;
    return waiting.fragmented && waiting.streamId === this.id;
  }

  recycle(): void {
    this.id = 0;
    this.state = 0;
    this.subscriber = IGNORING_SUBSCRIBER;
    this.waiting = undefined;
  }
}
