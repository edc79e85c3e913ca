import { DATA_LENGTH, METADATA_LENGTH } from '../../request-response/RequestContender.ts';
import type { Answers, Asker, OpenAsker } from '../Asker.ts';
import { connectNats, type NatsConnection, SUBJECT } from '../nats.ts';

const REQUEST_TIMEOUT_MS = 10_000;

/** Requests by way of a nats-server; the port is that server's. */
class NatsAsker implements Asker {
  readonly #connection: NatsConnection;

  constructor(connection: NatsConnection) {
    this.#connection = connection;
  }

  ask(sequence: number, answers: Answers): void {
    const message = new Uint8Array(METADATA_LENGTH + DATA_LENGTH);
    message[METADATA_LENGTH] = sequence;
    this.#connection.request(SUBJECT, message, { timeout: REQUEST_TIMEOUT_MS }).then(
      ({ data }) => answers.answered(sequence, data[0] as number, data.length),
      (error: unknown) => answers.failed(error),
    );
  }

  close(): Promise<void> {
    return this.#connection.close();
  }
}

export const nats: OpenAsker = async (port) => new NatsAsker(await connectNats(port));
