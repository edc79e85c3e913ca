import { DATA_LENGTH, METADATA_LENGTH, RequestContender } from '../request-response/RequestContender.ts';
import type { Person } from './poolTask.ts';

/** What piscina and WorkerPool have in common, as far as it is used here. */
export interface TaskPool {
  run(task: unknown, options?: { name: string }): Promise<unknown>;
  destroy(): Promise<void>;
}

/** Makes the bytes of a task. */
export type NewBytes = (length: number) => Uint8Array;

/** An array with an ArrayBuffer of its own. */
export function ownArray(length: number): Uint8Array {
  return new Uint8Array(length);
}

/** What most programs for Node have: a part of its pool of Buffers. (piscina would clone all of the pool.) */
export function pooledBuffer(length: number): Uint8Array {
  return Buffer.allocUnsafe(length);
}

/** Asks one worker of a pool, each task bytes: 32 + 128, of which the last 128 are the answer. */
export class PoolRequests extends RequestContender {
  readonly #makePool: () => TaskPool;
  readonly #newBytes: NewBytes;
  #pool: TaskPool | undefined;

  constructor(name: string, inFlight: number, batch: number, makePool: () => TaskPool, newBytes: NewBytes = ownArray) {
    super(name, inFlight, batch);
    this.#makePool = makePool;
    this.#newBytes = newBytes;
  }

  protected get pool(): TaskPool {
    if (this.#pool === undefined) throw new Error(`${this.name} is not open`);
    return this.#pool;
  }

  override async open(): Promise<void> {
    this.#pool = this.#makePool();
  }

  protected override send(sequence: number): void {
    // A queued task is read when its turn comes, so each needs bytes of its own.
    const bytes = this.#newBytes(METADATA_LENGTH + DATA_LENGTH);
    bytes[METADATA_LENGTH] = sequence;
    this.pool.run(bytes).then(
      (answer) => this.answered(sequence, (answer as Uint8Array)[0] as number, (answer as Uint8Array).length),
      (error: unknown) => this.failed(error),
    );
  }

  override async close(): Promise<void> {
    await this.#pool?.destroy();
    this.#pool = undefined;
  }
}

/** Asks with a small plain object, which comes back with one field changed. */
export class PoolObjectRequests extends PoolRequests {
  protected override send(sequence: number): void {
    const person: Person = {
      id: sequence,
      name: 'Ada Lovelace',
      tags: ['engine', 'notes'],
      address: { city: 'London', zip: 'W1' },
      active: true,
    };
    this.pool.run(person, { name: 'changeObject' }).then(
      (answer) => {
        const { id, tags, active } = answer as Person;
        const isRight = id === sequence && tags[1] === 'notes' && !active;
        this.answered(sequence, isRight ? sequence & 0xff : -1, DATA_LENGTH);
      },
      (error: unknown) => this.failed(error),
    );
  }
}
