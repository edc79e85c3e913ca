import { GRPC_SERVICE, type GrpcLibrary } from '../../network/rivalLibraries.ts';
import { METADATA_LENGTH } from '../../request-response/RequestContender.ts';
import { rivalModule } from '../../rivalModule.ts';
import { HOST } from '../host.ts';
import type { StartEcho } from './StartEcho.ts';

export const grpc: StartEcho = () => {
  const library = rivalModule<GrpcLibrary>('@grpc/grpc-js');
  const server = new library.Server();
  const echo = ({ request }: { request: Buffer }, callback: (error: null, answer: Buffer) => void): void =>
    callback(null, request.subarray(METADATA_LENGTH));
  server.addService(GRPC_SERVICE, { echo });
  return new Promise((resolve, reject) => {
    server.bindAsync(`${HOST}:0`, library.ServerCredentials.createInsecure(), (error, port) =>
      error === null ? resolve(port) : reject(error),
    );
  });
};
