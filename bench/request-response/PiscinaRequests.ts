import { fileURLToPath } from 'node:url';
import { DATA_LENGTH, METADATA_LENGTH, RequestContender } from './RequestContender.ts';

/** What the benches use of piscina 5.3.2. */
export interface PiscinaModule {
  readonly Piscina: new (options: { filename: string; minThreads: number; maxThreads: number }) => PiscinaPool;
}

interface PiscinaPool {
  run(task: PiscinaTask): Promise<Uint8Array>;
  destroy(): Promise<void>;
}

export interface PiscinaTask {
  readonly metadata: Uint8Array;
  readonly data: Uint8Array;
}

/** A pool of one worker, as piscina comes: one task at a time in it, the others wait in the pool's queue. */
export class PiscinaRequests extends RequestContender {
  readonly #metadata: Uint8Array = new Uint8Array(METADATA_LENGTH);
  readonly #module: PiscinaModule;
  #pool: PiscinaPool | undefined;

  constructor(module: PiscinaModule, inFlight: number, batch: number) {
    super('piscina', inFlight, batch);
    this.#module = module;
  }

  override async open(): Promise<void> {
    const filename = fileURLToPath(new URL('./piscinaTask.js', import.meta.url));
    this.#pool = new this.#module.Piscina({ filename, minThreads: 1, maxThreads: 1 });
  }

  protected override send(sequence: number): void {
    // A queued task is cloned when its turn comes, so each needs bytes of its own.
    const data = new Uint8Array(DATA_LENGTH);
    data[0] = sequence;
    this.#pool?.run({ metadata: this.#metadata, data }).then(
      (answer) => this.answered(sequence, answer[0] as number, answer.length),
      (error: unknown) => this.failed(error),
    );
  }

  override async close(): Promise<void> {
    await this.#pool?.destroy();
    this.#pool = undefined;
  }
}
