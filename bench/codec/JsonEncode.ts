import type { Contender } from '../harness/Contender.ts';
import { streamIdOf, VERIFIED_COUNTS } from './frames.ts';

/** The fields of a frame as a JSON object in a Buffer; metadata and data are text. */
export class JsonEncode implements Contender {
  readonly name = 'JSON to Buffer';
  readonly isAsync = false;
  readonly batch = 5_000;
  readonly #type: number;
  readonly #flags: number;
  readonly #metadata: string | undefined;
  readonly #data: string;

  constructor(type: number, flags: number, metadata: Buffer | undefined, data: Buffer) {
    this.#type = type;
    this.#flags = flags;
    this.#metadata = metadata?.toString();
    this.#data = data.toString();
  }

  verify(): void {
    for (const count of VERIFIED_COUNTS) this.run(count);
  }

  run(count: number): undefined {
    const type = this.#type;
    const flags = this.#flags;
    const metadata = this.#metadata;
    const data = this.#data;
    let last: Buffer = Buffer.alloc(0);
    for (let operation = 0; operation < count; operation++) {
      last = Buffer.from(JSON.stringify({ streamId: streamIdOf(operation), type, flags, metadata, data }));
    }
    const answer = JSON.parse(last.toString());
    if (answer.streamId !== streamIdOf(count - 1) || answer.data !== data || answer.metadata !== metadata) {
      throw new Error('JSON: wrong frame');
    }
  }
}
