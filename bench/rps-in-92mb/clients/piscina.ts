import { fileURLToPath } from 'node:url';
import { DATA_LENGTH, METADATA_LENGTH } from '../../request-response/RequestContender.ts';
import { rivalModule } from '../../rivalModule.ts';
import type { Answers, Asker, OpenAsker } from '../Asker.ts';

interface PiscinaPool {
  run(task: unknown): Promise<Uint8Array>;
  destroy(): Promise<void>;
}

interface PiscinaModule {
  readonly Piscina: new (options: object) => PiscinaPool;
}

/** Far above what is in flight: no task waits in the pool. */
const TASKS_AT_ONCE = 1_024;

const filename: string = fileURLToPath(new URL('../../workers/poolTask.js', import.meta.url));

/** A pool of one thread, which may have all that is in flight. */
class PiscinaAsker implements Asker {
  readonly #pool: PiscinaPool;

  constructor(pool: PiscinaPool) {
    this.#pool = pool;
  }

  ask(sequence: number, answers: Answers): void {
    const bytes = new Uint8Array(METADATA_LENGTH + DATA_LENGTH);
    bytes[METADATA_LENGTH] = sequence;
    this.#pool.run(bytes).then(
      (answer) => answers.answered(sequence, answer[0] as number, answer.length),
      (error: unknown) => answers.failed(error),
    );
  }

  close(): Promise<void> {
    return this.#pool.destroy();
  }
}

export const piscina: OpenAsker = async () => {
  const { Piscina } = await rivalModule<PiscinaModule>('piscina');
  const oneThread = { filename, minThreads: 1, maxThreads: 1 };
  return new PiscinaAsker(new Piscina({ ...oneThread, concurrentTasksPerWorker: TASKS_AT_ONCE, recordTiming: false }));
};
