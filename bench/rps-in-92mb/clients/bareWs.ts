import { DATA_LENGTH, METADATA_LENGTH } from '../../request-response/RequestContender.ts';
import type { Answers, Asker, OpenAsker } from '../Asker.ts';
import { type BareSocket, bareWs, ID_LENGTH } from '../bareWs.ts';
import { HOST } from '../host.ts';

/** Messages with an id over a WebSocket: what one writes by hand where no protocol is wanted. */
class BareWsAsker implements Asker {
  readonly #socket: BareSocket;
  #answers: Answers | undefined;

  constructor(socket: BareSocket) {
    this.#socket = socket;
    socket.on('message', (answer) => {
      const data = answer.subarray(ID_LENGTH);
      this.#answers?.answered(answer.readUInt32BE(0), data[0] as number, data.length);
    });
    socket.on('error', (error) => this.#answers?.failed(error));
  }

  ask(sequence: number, answers: Answers): void {
    this.#answers = answers;
    const request = Buffer.alloc(ID_LENGTH + METADATA_LENGTH + DATA_LENGTH);
    request.writeUInt32BE(sequence);
    request[ID_LENGTH + METADATA_LENGTH] = sequence;
    this.#socket.send(request);
  }

  close(): void {
    this.#socket.close();
  }
}

export const overBareWs: OpenAsker = (port) => {
  const socket = new (bareWs().WebSocket)(`ws://${HOST}:${port}`, { perMessageDeflate: false });
  return new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.once('open', () => resolve(new BareWsAsker(socket)));
  });
};
