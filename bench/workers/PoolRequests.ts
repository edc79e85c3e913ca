import { DATA_LENGTH, METADATA_LENGTH, RequestContender } from '../request-response/RequestContender.ts';
import type { Person } from './poolTask.ts';

/** What piscina and WorkerPool have in common, as far as it is used here. */
export interface TaskPool {
  run(task: unknown, options?: { name: string }): Promise<unknown>;
  destroy(): Promise<void>;
}

/** Asks one worker of a pool, each task bytes: 32 + 128, of which the last 128 are the answer. */
export class PoolRequests extends RequestContender {
  readonly #makePool: () => TaskPool;
  #pool: TaskPool | undefined;

  constructor(name: string, inFlight: number, batch: number, makePool: () => TaskPool) {
    super(name, inFlight, batch);
    this.#makePool = makePool;
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
    const bytes = new Uint8Array(METADATA_LENGTH + DATA_LENGTH);
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
