/** Answers SocketRequests, and says where it listens. */
import { createServer } from 'node:net';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { jobsByMessage } from '../harness/threads/jobsByMessage.ts';
import { METADATA_LENGTH } from '../request-response/RequestContender.ts';
import { Records } from './Records.ts';
import { NUMBER_LENGTH, SOCKET_ANSWER_LENGTH, SOCKET_REQUEST_LENGTH, type SocketAddress } from './SocketRequests.ts';

const port = parentPort as MessagePort;
const address = workerData.address as SocketAddress;

const server = createServer((socket) => {
  const records = new Records(SOCKET_REQUEST_LENGTH, (record) => {
    const answer = Buffer.allocUnsafe(SOCKET_ANSWER_LENGTH);
    record.copy(answer, 0, 0, NUMBER_LENGTH);
    record.copy(answer, NUMBER_LENGTH, NUMBER_LENGTH + METADATA_LENGTH);
    socket.write(answer);
  });
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    socket.cork();
    records.take(chunk as Buffer);
    socket.uncork();
  });
});

jobsByMessage(port, workerData.jobs, () => server.close());
server.listen(address, () => {
  const bound = server.address();
  port.postMessage(typeof bound === 'object' && bound !== null ? { port: bound.port, host: bound.address } : address);
});
