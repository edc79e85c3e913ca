/**
 * The reference responder, on the low level: an answer is written from the very bytes of its request.
 *
 *   request-response   `stats`: counters as JSON; `error:TEXT`: ERROR[APPLICATION_ERROR] with TEXT; else an echo
 *   request-stream     a decimal number N: the items `0` to `N-1`; else one item, an echo
 *   request-channel    an echo of each item
 *   fire-and-forget, metadata push: counted
 */
import type { RequestHandler, StreamSubscriber, ZeroCopyRSocket } from '../core/index.ts';
import { DirectBuffer, ErrorCode, PayloadFlyweight } from '../flyweight/index.ts';
import { CountingStream } from './CountingStream.ts';
import { decimalOf } from './decimalOf.ts';
import { EchoStream } from './EchoStream.ts';
import type { ServeStatistics } from './ServeStatistics.ts';

const STATS = new DirectBuffer(new TextEncoder().encode('stats'));
const ERROR_PREFIX = new DirectBuffer(new TextEncoder().encode('error:'));

export class ReferenceResponder implements RequestHandler {
  readonly #statistics: ServeStatistics;
  readonly #describe: () => string;
  readonly #reply: PayloadFlyweight = new PayloadFlyweight();

  /** @param describe the answer to `stats` */
  constructor(statistics: ServeStatistics, describe: () => string) {
    this.#statistics = statistics;
    this.#describe = describe;
  }

  requestResponse(payload: PayloadFlyweight, streamId: number, peer: ZeroCopyRSocket): undefined {
    this.#statistics.requestResponse++;
    const { dataLength } = payload;
    if (dataLength === STATS.capacity && startsWith(payload, STATS)) {
      const answer = new DirectBuffer(new TextEncoder().encode(this.#describe()));
      peer.next(streamId, this.#reply.clear().wrapData(answer, 0, answer.capacity), true);
    } else if (dataLength >= ERROR_PREFIX.capacity && startsWith(payload, ERROR_PREFIX)) {
      const message = payload.dataUtf8().slice(ERROR_PREFIX.capacity);
      peer.error(streamId, ErrorCode.APPLICATION_ERROR, message);
    } else {
      peer.next(streamId, payload, true);
    }
  }

  fireAndForget(): void {
    this.#statistics.fireAndForget++;
  }

  metadataPush(): void {
    this.#statistics.metadataPush++;
  }

  requestStream(
    payload: PayloadFlyweight,
    _initialRequestN: number,
    streamId: number,
    peer: ZeroCopyRSocket,
  ): StreamSubscriber | undefined {
    this.#statistics.requestStream++;
    const count = decimalOf(payload.dataBuffer, payload.dataOffset, payload.dataLength);
    if (count >= 0) return new CountingStream(peer, count).start(streamId);
    const echo = new EchoStream(peer, 1);
    echo.onNext(payload, streamId);
    echo.onComplete(streamId);
    return echo;
  }

  requestChannel(
    payload: PayloadFlyweight,
    initialRequestN: number,
    streamId: number,
    peer: ZeroCopyRSocket,
  ): StreamSubscriber {
    this.#statistics.requestChannel++;
    const echo = new EchoStream(peer, initialRequestN);
    echo.onNext(payload, streamId);
    return echo;
  }
}

function startsWith({ dataBuffer, dataOffset }: PayloadFlyweight, prefix: DirectBuffer): boolean {
  for (let i = 0; i < prefix.capacity; i++) {
    if (dataBuffer.getUint8(dataOffset + i) !== prefix.getUint8(i)) return false;
  }
  return true;
}
