import { METADATA_LENGTH } from '../../request-response/RequestContender.ts';
import { bareWs, ID_LENGTH } from '../bareWs.ts';
import { HOST } from '../host.ts';
import type { StartEcho } from './StartEcho.ts';

/** Answers with the id and the data, which follow each other once the metadata between them is left out. */
export const overBareWs: StartEcho = () => {
  const server = new (bareWs().WebSocketServer)({ host: HOST, port: 0, perMessageDeflate: false });
  server.on('connection', (socket) => {
    socket.on('message', (message) => {
      const answer = message.subarray(METADATA_LENGTH);
      answer.set(message.subarray(0, ID_LENGTH));
      socket.send(answer);
    });
  });
  return new Promise((resolve) => server.once('listening', () => resolve(server.address().port)));
};
