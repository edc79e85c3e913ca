import { DATA_LENGTH, METADATA_LENGTH } from '../request-response/RequestContender.ts';
import { ThreadRequests } from '../request-response/ThreadRequests.ts';

/** The same both ways: the memory goes along, and is the other thread's then. */
export interface Transferred {
  readonly id: number;
  /** There: metadata and data. Back: the data, in the same memory. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** postMessage with each request's memory transferred there and back. */
export class TransferRequests extends ThreadRequests {
  constructor(inFlight: number, batch: number) {
    super('postMessage, transfer', inFlight, batch, new URL('./transfer.worker.js', import.meta.url));
  }

  override async open(): Promise<void> {
    await super.open();
    this.thread.worker.on('message', ({ id, bytes }: Transferred) =>
      this.answered(id, bytes[0] as number, bytes.length),
    );
  }

  protected override send(sequence: number): void {
    const bytes = new Uint8Array(METADATA_LENGTH + DATA_LENGTH);
    bytes[METADATA_LENGTH] = sequence;
    this.thread.worker.postMessage({ id: sequence, bytes } satisfies Transferred, [bytes.buffer]);
  }
}
