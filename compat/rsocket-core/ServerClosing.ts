import { Closing } from './Closing.ts';

/** What `bind` resolves with: ends the server, and leaves the connections that it has accepted alone. */
export class ServerClosing<Address> extends Closing {
  /** Where it listens, with the port that it was given. */
  readonly address: Address;
  readonly #stop: () => void;

  /** @param stop called once, by the first `close` */
  constructor(address: Address, stop: () => void) {
    super();
    this.address = address;
    this.#stop = stop;
  }

  override close(error?: Error): void {
    if (this.done) return;
    this.#stop();
    super.close(error);
  }
}
