import type { RSocketPeer } from 'flysocket/core';
import * as assert from 'uvu/assert';
import { turn, until } from '../tck/until.ts';

/** Bytes of the requests, in turn: some lie in one frame, some take fragments. */
const SIZES = [1, 30, 3_000, 100_000];

/** Asks one thing after another, and looks at each answer. */
export class HonestClient {
  readonly #peer: RSocketPeer;
  readonly #sizes: readonly number[];
  /** Answers that were right. */
  #answers = 0;
  #mayAsk = true;
  #isAsking = false;
  #isClosing = false;
  #failure: unknown;
  #end: Promise<void> | undefined;

  constructor(peer: RSocketPeer, sizes: readonly number[] = SIZES) {
    this.#peer = peer;
    this.#sizes = sizes;
  }

  /** Resolves with the first answer. From then on it asks until `close`. */
  async start(): Promise<void> {
    await this.#ask();
    this.#end = this.#goOn();
  }

  /** Resolves when something that is asked from now on has been answered. @throws what went wrong, if something has */
  async assertServed(): Promise<void> {
    const before = this.#answers;
    await until(() => this.#failure !== undefined || this.#answers >= before + 2, 'the honest client is served');
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Runs `task` while nothing is asked. */
  async while(task: () => void): Promise<void> {
    this.#mayAsk = false;
    await until(() => !this.#isAsking, 'the honest client has its answer');
    task();
    this.#mayAsk = true;
  }

  async close(): Promise<void> {
    await this.assertServed();
    this.#isClosing = true;
    await this.#end;
    await this.#peer.close();
  }

  async #goOn(): Promise<void> {
    while (!this.#isClosing && this.#failure === undefined) {
      if (this.#mayAsk) await this.#ask().catch((error) => this.#fail(error));
      await turn();
    }
  }

  async #ask(): Promise<void> {
    this.#isAsking = true;
    const size = this.#sizes[this.#answers % this.#sizes.length] as number;
    const data = new Uint8Array(size).fill(this.#answers);
    const answer = await this.#peer.requestResponse({ data });
    assert.is(Buffer.compare(answer.data, data), 0, 'the answer is right');
    this.#answers++;
    this.#isAsking = false;
  }

  #fail(error: unknown): void {
    this.#failure = error;
    this.#isAsking = false;
  }
}
