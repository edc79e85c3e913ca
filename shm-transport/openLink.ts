/** The handshake of a link, the same for both sides: greet, wait for the other's greeting, and the link is open. */
import { RSocketError } from '../flyweight/index.ts';
import {
  isHello,
  isRefusal,
  LINK_VERSION,
  type LinkHello,
  type LinkInvitation,
  type LinkRefusal,
  type PortInvitation,
  type RingInvitation,
} from './LinkInvitation.ts';
import type { PortConnection } from './PortConnection.ts';
import { PortOpening } from './PortOpening.ts';
import { platform } from './platform.ts';
import { RingOpening } from './RingOpening.ts';
import type { ShmLink } from './ShmLink.ts';
import type { WorkerLink } from './WorkerLink.ts';

/** How long one side waits for the greeting of the other. */
export const HANDSHAKE_TIMEOUT_MS = 10_000;

/** How a side opens its end of a link. */
export interface OpenLinkOptions {
  /**
   * Frames that are too long for the ring go by reference, in memory that this thread shares (`SharedBlocks`), as far
   * as the other side does it too; else in fragments. Default true.
   */
  readonly byReference?: boolean | undefined;
  /** Default `HANDSHAKE_TIMEOUT_MS`. */
  readonly handshakeTimeoutMs?: number | undefined;
}

/** This side of a link while it waits for the other one. */
interface LinkOpening {
  /** What this side says of itself; the rest is added. */
  readonly greeting: Omit<LinkHello, 'flysocket' | 'version' | 'life'>;
  /** The peer has answered. @throws RSocketError ERR_FLYSOCKET_LINK_REFUSED if the greetings do not fit */
  join(theirs: LinkHello): WorkerLink;
  /** Gives back what was taken: there will be no link. */
  discard(): void;
}

/**
 * Opens this side of a link, in the thread that will use it. The returned link keeps the thread alive; until it opens,
 * the invitation's port does.
 * @throws RSocketError (as rejection) ERR_FLYSOCKET_LINK_VERSION, ERR_FLYSOCKET_LINK_TIMEOUT,
 *   ERR_FLYSOCKET_LINK_REFUSED, ERR_FLYSOCKET_PEER_DIED, or what is wrong with the rings
 */
export function openLink(invitation: RingInvitation, options?: OpenLinkOptions): Promise<ShmLink>;
/** Over a port. */
export function openLink(invitation: PortInvitation, options?: OpenLinkOptions): Promise<PortConnection>;
/** Over whatever the invitation says. */
export function openLink(invitation: LinkInvitation, options?: OpenLinkOptions): Promise<WorkerLink>;
export function openLink(invitation: LinkInvitation, options: OpenLinkOptions = {}): Promise<WorkerLink> {
  const { port, name } = invitation;
  const timeoutMs = options.handshakeTimeoutMs ?? HANDSHAKE_TIMEOUT_MS;
  return new Promise((resolve, reject) => {
    let opening: LinkOpening;
    try {
      opening = begin(invitation, options.byReference ?? true);
    } catch (error) {
      refuse(invitation, error);
      reject(error);
      return;
    }
    const timer = setTimeout(() => {
      fail(new RSocketError('ERR_FLYSOCKET_LINK_TIMEOUT', `link "${name}": no greeting within ${timeoutMs} ms`));
    }, timeoutMs);
    const onClose = (): void => {
      fail(new RSocketError('ERR_FLYSOCKET_PEER_DIED', `link "${name}": the other side has ended`));
    };
    const settle = (): void => {
      clearTimeout(timer);
      stopListening();
    };
    const fail = (error: unknown): void => {
      settle();
      port.close();
      opening.discard();
      reject(error);
    };
    const onMessage = (message: unknown): void => {
      try {
        const link = opening.join(helloIn(message, name));
        settle();
        resolve(link);
      } catch (error) {
        fail(error);
      }
    };
    const stopListening = platform.listen(port, onMessage, onClose);
    const greet = (life: string | undefined): void => {
      port.postMessage({ flysocket: 'hello', version: LINK_VERSION, life, ...opening.greeting });
    };
    const life = platform.ownLife();
    if (life === undefined) greet(life);
    else life.then(greet, fail);
  });
}

/** Tells the other side that this one takes no part. */
export function refuse({ port }: LinkInvitation, error: unknown): void {
  port.postMessage(refusalOf(error));
  port.close();
}

/** What the other side is told of `error`. */
export function refusalOf(error: unknown): LinkRefusal {
  const code = error instanceof RSocketError ? error.code : 'ERR_FLYSOCKET_LINK_REFUSED';
  return { flysocket: 'refusal', code, message: error instanceof Error ? error.message : String(error) };
}

function begin(invitation: LinkInvitation, byReference: boolean): LinkOpening {
  const { version, name } = invitation;
  if (version !== LINK_VERSION) {
    const message = `link "${name}": version ${version} of the handshake, here it is ${LINK_VERSION}`;
    throw new RSocketError('ERR_FLYSOCKET_LINK_VERSION', message);
  }
  return invitation.transport === 'port' ? new PortOpening(invitation) : new RingOpening(invitation, byReference);
}

function helloIn(message: unknown, name: string): LinkHello {
  if (isRefusal(message)) {
    throw new RSocketError('ERR_FLYSOCKET_LINK_REFUSED', `link "${name}" refused: ${message.code}: ${message.message}`);
  }
  if (!isHello(message) || message.version !== LINK_VERSION) {
    throw new RSocketError('ERR_FLYSOCKET_LINK_VERSION', `link "${name}": not a greeting of version ${LINK_VERSION}`);
  }
  return message;
}
