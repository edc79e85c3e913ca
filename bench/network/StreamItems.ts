import type { Contender } from '../harness/Contender.ts';
import { NetworkServer } from './NetworkServer.ts';

export const ITEM_LENGTH = 128;
/** Items that are granted at once; half of them are granted anew when half of them have come. */
export const CREDIT = 4_096;

const VERIFIED_ITEMS = 2_000;

/** Takes items of one endless stream from a server in a process of its own. */
export abstract class StreamItems implements Contender {
  readonly isAsync = true;
  readonly name: string;
  readonly batch: number;
  readonly #kind: string;
  #server: NetworkServer | undefined;
  #left = 0;
  #sinceGrant = 0;
  #resolve: (value: undefined) => void = () => {};
  #reject: (error: unknown) => void = () => {};

  constructor(name: string, batch: number, serverKind: string) {
    this.name = name;
    this.batch = batch;
    this.#kind = serverKind;
  }

  /** Begins the stream with a credit of `CREDIT` items, each of which is to reach `took`. */
  protected abstract begin(port: number): Promise<void>;
  protected abstract grant(n: number): void;
  protected abstract end(): void;

  async open(): Promise<void> {
    this.#server = await NetworkServer.start(this.#kind);
    await this.begin(this.#server.port);
  }

  async verify(): Promise<void> {
    await this.run(VERIFIED_ITEMS);
  }

  run(count: number): Promise<undefined> {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      this.#left = count;
      this.#renew();
    });
  }

  async close(): Promise<void> {
    this.end();
    await this.#server?.stop();
  }

  /** Takes an item and checks it. */
  protected took(firstByte: number, length: number): void {
    if (firstByte !== 1 || length !== ITEM_LENGTH) {
      this.failed(new Error(`${this.name}: wrong item: ${length} bytes, first ${firstByte}`));
      return;
    }
    this.#sinceGrant++;
    this.#left--;
    if (this.#left === 0) this.#resolve(undefined);
    else if (this.#left > 0) this.#renew();
  }

  protected failed(error: unknown): void {
    this.#reject(error);
  }

  /** What is not granted between two runs stands still. */
  #renew(): void {
    if (this.#sinceGrant < CREDIT / 2) return;
    const n = this.#sinceGrant;
    this.#sinceGrant = 0;
    this.grant(n);
  }
}
