import { deepStrictEqual } from 'node:assert';
import { connect, type RSocketPeer, type Server, serve } from 'flysocket';
import type { LoadContender } from 'flysocket/bench';
import { TICKS } from './Tick.ts';
import type { TickCodec } from './TickCodec.ts';

/** Asks a server for ticks by their number; they come in the codec's bytes. */
export class TickService implements LoadContender {
  readonly name: string;
  readonly #codec: TickCodec;
  #server: Server | undefined;
  #peer: RSocketPeer | undefined;

  constructor(codec: TickCodec) {
    this.name = codec.name;
    this.#codec = codec;
  }

  async open(): Promise<void> {
    this.#server = await serve('tcp://127.0.0.1:0', {
      requestResponse: ({ data }) => this.#codec.encode(TICKS[data[0] as number] as (typeof TICKS)[number]).slice(),
    });
    this.#peer = await connect(this.#server.url);
  }

  async verify(): Promise<void> {
    for (let sequence = 0; sequence < TICKS.length; sequence++) await this.request(sequence);
  }

  async request(sequence: number): Promise<void> {
    const number = sequence % TICKS.length;
    const answer = await (this.#peer as RSocketPeer).requestResponse({ data: Uint8Array.of(number) });
    deepStrictEqual(this.#codec.decode(answer.data), TICKS[number]);
  }

  async close(): Promise<void> {
    await this.#peer?.close();
    await this.#server?.close();
  }
}
