import { DATA_LENGTH, METADATA_LENGTH } from '../request-response/RequestContender.ts';
import { ThreadRequests } from '../request-response/ThreadRequests.ts';
import { type ComlinkEcho, type ComlinkModule, nodeEndpoint } from './comlink.ts';

/** A method of an object in the other thread, by comlink. */
export class ComlinkRequests extends ThreadRequests {
  readonly #comlink: ComlinkModule;
  #remote: ComlinkEcho | undefined;

  constructor(inFlight: number, batch: number, comlink: ComlinkModule) {
    super('comlink', inFlight, batch, new URL('./comlink.worker.js', import.meta.url));
    this.#comlink = comlink;
  }

  override async open(): Promise<void> {
    await super.open();
    this.#remote = this.#comlink.wrap<ComlinkEcho>(nodeEndpoint(this.thread.worker));
  }

  protected override send(sequence: number): void {
    const bytes = new Uint8Array(METADATA_LENGTH + DATA_LENGTH);
    bytes[METADATA_LENGTH] = sequence;
    this.#remote?.answer(bytes).then(
      (answer) => this.answered(sequence, answer[0] as number, answer.length),
      (error: unknown) => this.failed(error),
    );
  }
}
