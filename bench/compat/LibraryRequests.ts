import { once } from 'node:events';
import { ThreadRequests } from '../request-response/ThreadRequests.ts';
import type { LibraryServer } from './libraryServer.worker.ts';

const READY_TIMEOUT_MS = 10_000;

/** npm rsocket in both threads: asks a server in another one. */
export abstract class LibraryRequests<Socket extends { close(): void }> extends ThreadRequests {
  readonly #onAnswer = this.answered.bind(this);
  readonly #onError = this.failed.bind(this);
  #socket: Socket | undefined;

  constructor(name: string, inFlight: number, batch: number, server: LibraryServer) {
    super(name, inFlight, batch, new URL('./libraryServer.worker.js', import.meta.url), { server });
  }

  /** @param port that the server listens to, 0 if it listens to this thread */
  protected abstract connect(port: number): Promise<Socket>;

  protected abstract ask(
    socket: Socket,
    sequence: number,
    onAnswer: (sequence: number, firstByte: number, length: number) => void,
    onError: (error: Error) => void,
  ): void;

  override async open(): Promise<void> {
    await super.open();
    const [port] = await once(this.thread.worker, 'message', { signal: AbortSignal.timeout(READY_TIMEOUT_MS) });
    this.#socket = await this.connect(port as number);
  }

  protected override send(sequence: number): void {
    this.ask(this.#socket as Socket, sequence, this.#onAnswer, this.#onError);
  }

  override async close(): Promise<void> {
    this.#socket?.close();
    await super.close();
  }
}
