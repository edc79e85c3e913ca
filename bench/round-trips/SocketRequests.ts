import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DATA_LENGTH, METADATA_LENGTH } from '../request-response/RequestContender.ts';
import { ThreadRequests } from '../request-response/ThreadRequests.ts';
import { Records } from './Records.ts';

/** Before each request and answer: its number. */
export const NUMBER_LENGTH = 4;
export const SOCKET_REQUEST_LENGTH: number = NUMBER_LENGTH + METADATA_LENGTH + DATA_LENGTH;
export const SOCKET_ANSWER_LENGTH: number = NUMBER_LENGTH + DATA_LENGTH;

/** What the other thread listens to: a port of 127.0.0.1, or a file. */
export type SocketAddress = { readonly port: number; readonly host: string } | { readonly path: string };

/** A socket of node:net to the other thread. What is written in one turn leaves together. */
export class SocketRequests extends ThreadRequests {
  readonly #path: string | undefined;
  #socket: Socket | undefined;
  #isCorked = false;

  constructor(name: string, inFlight: number, batch: number, kind: 'tcp' | 'unix') {
    const path = kind === 'unix' ? join(tmpdir(), `bench-${randomUUID()}.sock`) : undefined;
    const address: SocketAddress = path === undefined ? { port: 0, host: '127.0.0.1' } : { path };
    super(name, inFlight, batch, new URL('./socket.worker.js', import.meta.url), { address });
    this.#path = path;
  }

  override async open(): Promise<void> {
    await super.open();
    const [address] = (await once(this.thread.worker, 'message')) as [SocketAddress];
    const socket = connect(address);
    this.#socket = socket;
    const records = new Records(SOCKET_ANSWER_LENGTH, (record) =>
      this.answered(record.readUInt32LE(0), record[NUMBER_LENGTH] as number, record.length - NUMBER_LENGTH),
    );
    socket.setNoDelay(true);
    socket.on('data', (chunk) => records.take(chunk as Buffer));
    socket.on('error', (error) => this.failed(error));
    await once(socket, 'connect');
  }

  protected override send(sequence: number): void {
    const request = Buffer.alloc(SOCKET_REQUEST_LENGTH);
    request.writeUInt32LE(sequence, 0);
    request[NUMBER_LENGTH + METADATA_LENGTH] = sequence;
    if (!this.#isCorked) {
      this.#isCorked = true;
      this.#socket?.cork();
      process.nextTick(this.#uncork);
    }
    this.#socket?.write(request);
  }

  readonly #uncork = (): void => {
    this.#isCorked = false;
    this.#socket?.uncork();
  };

  override async close(): Promise<void> {
    this.#socket?.destroy();
    await super.close();
    if (this.#path !== undefined) rmSync(this.#path, { force: true });
  }
}
