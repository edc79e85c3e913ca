import type { CounterBlock } from '../counters/index.ts';
import type { RSocketError } from '../flyweight/index.ts';
import type { DuplexConnection } from '../transport/index.ts';
import type { Clock } from './Clock.ts';
import type { ControlFrames } from './ControlFrames.ts';
import type { InboundCredit } from './InboundCredit.ts';
import type { KeepAlive } from './KeepAlive.ts';
import type { Outbound } from './Outbound.ts';
import type { PeerOptions } from './PeerOptions.ts';
import type { RequesterLease } from './RequesterLease.ts';
import type { ResponderLease } from './ResponderLease.ts';
import type { Shutdown } from './Shutdown.ts';
import type { Streams } from './Streams.ts';
import type { ZeroCopyRSocket } from './ZeroCopyRSocket.ts';

/** What the parts of one peer know of each other. */
export interface PeerParts {
  readonly rsocket: ZeroCopyRSocket;
  readonly connection: DuplexConnection;
  readonly options: PeerOptions;
  readonly counters: CounterBlock;
  readonly clock: Clock;
  readonly streams: Streams;
  readonly outbound: Outbound;
  readonly control: ControlFrames;
  readonly credit: InboundCredit;
  readonly keepAlive: KeepAlive;
  readonly shutdown: Shutdown;
  /** False for a server until its client has been let in: what goes out before would tell that it is. */
  isLetIn: boolean;
  /** Set where both sides agreed on leases, and, with none to give, until the client has been let in. */
  requesterLease: RequesterLease | undefined;
  /** Set where both sides agreed on leases. */
  responderLease: ResponderLease | undefined;
  /** The peer broke the protocol: it is told so by the error's `errorCode`, and the connection is closed. */
  readonly breakOff: (error: RSocketError) => void;
  /** Requests that were refused may be tried again. */
  readonly onRequestsAllowed: () => void;
}
