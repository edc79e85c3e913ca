/** The handshake of a link, the same for both sides: greet, wait for the other's greeting, and the link is open. */
import { BlockKind, type CounterBlock, processCounters } from '../counters/index.ts';
import { RSocketError } from '../flyweight/index.ts';
import { DrainLoop } from './DrainLoop.ts';
import {
  isHello,
  isRefusal,
  LINK_VERSION,
  type LinkHello,
  type LinkInvitation,
  type LinkRefusal,
} from './LinkInvitation.ts';
import { OneToOneRingBuffer } from './OneToOneRingBuffer.ts';
import { ShmLink } from './ShmLink.ts';

/** How long one side waits for the greeting of the other. */
export const HANDSHAKE_TIMEOUT_MS = 10_000;

/** How patient a side is. */
export interface OpenLinkOptions {
  /** Default `HANDSHAKE_TIMEOUT_MS`. */
  readonly handshakeTimeoutMs?: number | undefined;
}

/**
 * Opens this side of a link, in the thread that will use it. The returned link keeps the thread alive; until it opens,
 * the invitation's port does.
 * @throws RSocketError (as rejection) ERR_FLYSOCKET_LINK_VERSION, ERR_FLYSOCKET_LINK_TIMEOUT,
 *   ERR_FLYSOCKET_LINK_REFUSED, ERR_FLYSOCKET_PEER_DIED, or what is wrong with the rings
 */
export function openLink(invitation: LinkInvitation, options: OpenLinkOptions = {}): Promise<ShmLink> {
  const { port, name } = invitation;
  const timeoutMs = options.handshakeTimeoutMs ?? HANDSHAKE_TIMEOUT_MS;
  return new Promise((resolve, reject) => {
    const blocks: CounterBlock[] = [];
    const timer = setTimeout(() => {
      fail(new RSocketError('ERR_FLYSOCKET_LINK_TIMEOUT', `link "${name}": no greeting within ${timeoutMs} ms`));
    }, timeoutMs);
    const onClose = (): void => {
      fail(new RSocketError('ERR_FLYSOCKET_PEER_DIED', `link "${name}": the other side has ended`));
    };
    const settle = (): void => {
      clearTimeout(timer);
      port.off('message', onMessage);
      port.off('close', onClose);
    };
    const fail = (error: unknown): void => {
      settle();
      port.close();
      for (const block of blocks) block.detach();
      reject(error);
    };
    const onMessage = (message: unknown): void => {
      try {
        const link = join(invitation, rings, blocks, message);
        settle();
        resolve(link);
      } catch (error) {
        fail(error);
      }
    };
    let rings: OneToOneRingBuffer[];
    try {
      rings = attachRings(invitation, blocks);
    } catch (error) {
      refuse(invitation, error);
      fail(error);
      return;
    }
    port.on('message', onMessage);
    port.on('close', onClose);
    port.postMessage(hello(rings));
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

/** @param blocks gets the counters that were allocated, even if this throws */
function attachRings({ version, side, name, rings }: LinkInvitation, blocks: CounterBlock[]): OneToOneRingBuffer[] {
  if (version !== LINK_VERSION) {
    const message = `link "${name}": version ${version} of the handshake, here it is ${LINK_VERSION}`;
    throw new RSocketError('ERR_FLYSOCKET_LINK_VERSION', message);
  }
  return rings.map((memory, ring) => {
    const label = `${name} ring ${ring}`;
    const isOurs = ring === side;
    const block = processCounters().allocate(isOurs ? BlockKind.RING_PRODUCER : BlockKind.RING_CONSUMER, label);
    blocks.push(block);
    const options = isOurs ? { label, producerCounters: block } : { label, consumerCounters: block };
    return new OneToOneRingBuffer(memory, options);
  });
}

function hello([ring0, ring1]: OneToOneRingBuffer[]): LinkHello {
  const ringCapacities = [(ring0 as OneToOneRingBuffer).capacity, (ring1 as OneToOneRingBuffer).capacity] as const;
  return { flysocket: 'hello', version: LINK_VERSION, ringCapacities, cell: DrainLoop.ofThisThread().cell };
}

/** The peer has answered: the link, if it is a greeting that fits. */
function join(
  invitation: LinkInvitation,
  rings: OneToOneRingBuffer[],
  ringCounters: readonly CounterBlock[],
  message: unknown,
): ShmLink {
  const { side, name, control, port } = invitation;
  if (isRefusal(message)) {
    throw new RSocketError('ERR_FLYSOCKET_LINK_REFUSED', `link "${name}" refused: ${message.code}: ${message.message}`);
  }
  if (!isHello(message) || message.version !== LINK_VERSION) {
    throw new RSocketError('ERR_FLYSOCKET_LINK_VERSION', `link "${name}": not a greeting of version ${LINK_VERSION}`);
  }
  const outboundRing = rings[side] as OneToOneRingBuffer;
  const inboundRing = rings[1 - side] as OneToOneRingBuffer;
  const [capacity0, capacity1] = message.ringCapacities;
  if (rings[0]?.capacity !== capacity0 || rings[1]?.capacity !== capacity1) {
    const sizes = `theirs ${capacity0} and ${capacity1}, ours ${rings[0]?.capacity} and ${rings[1]?.capacity}`;
    throw new RSocketError('ERR_FLYSOCKET_LINK_REFUSED', `link "${name}": the rings differ in size: ${sizes}`);
  }
  return new ShmLink({
    side,
    outboundRing,
    inboundRing,
    control,
    port,
    peerCell: message.cell,
    loop: DrainLoop.ofThisThread(),
    counters: processCounters().allocate(BlockKind.LINK, name),
    ringCounters,
  });
}
