import type { RequestContext } from './Handler.ts';
import type { RSocket } from './RSocket.ts';
import { IgnoringSubscriber } from './StreamSubscriber.ts';

/** What a handler gets beside the payload; for a request-response it is also the subscriber that hears the cancel. */
export class ResponderContext extends IgnoringSubscriber implements RequestContext {
  readonly peer: RSocket;
  /** Null if it was aborted before anybody asked for its signal. */
  #controller: AbortController | null | undefined;

  constructor(peer: RSocket) {
    super();
    this.peer = peer;
  }

  get signal(): AbortSignal {
    let controller = this.#controller;
    if (controller == null) {
      controller = new AbortController();
      if (this.#controller === null) controller.abort();
      this.#controller = controller;
    }
    return controller.signal;
  }

  abort(): void {
    if (this.#controller == null) this.#controller = null;
    else this.#controller.abort();
  }

  override onCancel(): void {
    this.abort();
  }

  override onError(): void {
    this.abort();
  }
}
