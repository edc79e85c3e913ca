import type { RequestContext } from './Handler.ts';
import type { RSocket } from './RSocket.ts';
import { IgnoringSubscriber } from './StreamSubscriber.ts';

/** What a handler gets beside the payload; for a request-response it is also the subscriber that hears the cancel. */
export class ResponderContext extends IgnoringSubscriber implements RequestContext {
  readonly peer: RSocket;
  #controller: AbortController | undefined;
  #aborted = false;

  constructor(peer: RSocket) {
    super();
    this.peer = peer;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#aborted) this.#controller.abort();
    }
    return this.#controller.signal;
  }

  abort(): void {
    this.#aborted = true;
    this.#controller?.abort();
  }

  override onCancel(): void {
    this.abort();
  }

  override onError(): void {
    this.abort();
  }
}
