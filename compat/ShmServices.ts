import { RSocketError } from '../flyweight/index.ts';
import { nameOf, type ShmEndpoint } from './ShmEndpoint.ts';
import { isShmRequest, type ShmRequest } from './ShmRequest.ts';

/** Takes what another thread asks one service for. */
type Take = (request: ShmRequest) => void;

/**
 * The servers of this thread that listen to one other thread. They have one listener together, which is there as long
 * as any of them is, and refuses what is meant for none.
 */
export class ShmServices {
  readonly #endpoint: ShmEndpoint;
  readonly #services: Map<string, Take> = new Map();
  readonly #onMessage: (message: unknown) => void;

  static readonly #all: WeakMap<ShmEndpoint, ShmServices> = new WeakMap();

  private constructor(endpoint: ShmEndpoint) {
    this.#endpoint = endpoint;
    this.#onMessage = (message) => this.#take(message);
  }

  /** Those that listen to `endpoint`: always the same object for the same one. */
  static of(endpoint: ShmEndpoint): ShmServices {
    const services = ShmServices.#all.get(endpoint) ?? new ShmServices(endpoint);
    ShmServices.#all.set(endpoint, services);
    return services;
  }

  /** @throws RSocketError ERR_FLYSOCKET_LISTEN if there is a service of that name */
  add(service: string, take: Take): void {
    if (this.#services.has(service)) {
      const message = `a server listens already: thread "${nameOf(this.#endpoint)}", service "${service}"`;
      throw new RSocketError('ERR_FLYSOCKET_LISTEN', message);
    }
    if (this.#services.size === 0) this.#endpoint.on('message', this.#onMessage);
    this.#services.set(service, take);
  }

  remove(service: string, take: Take): void {
    if (this.#services.get(service) !== take) return;
    this.#services.delete(service);
    if (this.#services.size === 0) this.#endpoint.off('message', this.#onMessage);
  }

  #take(message: unknown): void {
    if (!isShmRequest(message)) return;
    const take = this.#services.get(message.service);
    if (take !== undefined) take(message);
    else refuseRequest(message, 'ERR_FLYSOCKET_LINK_REFUSED', `no service "${message.service}" here`);
  }
}

/** Tells the other side that there will be no link (docs/wire/link.md). @returns what it is told */
export function refuseRequest({ invitation: { port } }: ShmRequest, code: string, message: string): RSocketError {
  port.postMessage({ flysocket: 'refusal', code, message });
  port.close();
  return new RSocketError(code, message);
}
