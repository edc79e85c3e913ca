import { ErrorCode, type PayloadFlyweight, RSocketError } from '../flyweight/index.ts';
import type { ItemPump } from './ItemPump.ts';
import type { PayloadStream } from './PayloadStream.ts';
import type { ResponderContext } from './ResponderContext.ts';
import type { StreamSubscriber } from './StreamSubscriber.ts';

/** Ties a stream's signals to the iterables of its halves, whichever of the two it has. */
export class IterableSubscriber implements StreamSubscriber {
  readonly #inbound: PayloadStream | undefined;
  readonly #outbound: ItemPump | undefined;
  readonly #context: ResponderContext | undefined;

  constructor(inbound: PayloadStream | undefined, outbound: ItemPump | undefined, context?: ResponderContext) {
    this.#inbound = inbound;
    this.#outbound = outbound;
    this.#context = context;
    if (inbound !== undefined && outbound !== undefined) outbound.onFailed = (error) => inbound.fail(error);
  }

  onNext(payload: PayloadFlyweight): void {
    this.#inbound?.push(payload);
  }

  onComplete(): void {
    this.#inbound?.end();
  }

  onError(error: RSocketError): void {
    this.#inbound?.fail(error);
    this.#outbound?.stop();
    this.#context?.abort();
  }

  onRequestN(n: number): void {
    this.#outbound?.onRequestN(n);
  }

  onWritable(): void {
    this.#outbound?.onWritable();
  }

  onCancel(): void {
    this.#outbound?.stop();
    if (this.#context === undefined) return;
    // The requester has cancelled the whole stream: what it was sending is cut off, which is not its end.
    this.#inbound?.fail(canceled());
    this.#context.abort();
  }
}

function canceled(): RSocketError {
  return new RSocketError('ERR_FLYSOCKET_CANCELED', 'the requester has cancelled the stream', ErrorCode.CANCELED);
}
