import { GRPC_SERVICE, type GrpcClient, type GrpcLibrary } from '../../network/rivalLibraries.ts';
import { DATA_LENGTH, METADATA_LENGTH } from '../../request-response/RequestContender.ts';
import { rivalModule } from '../../rivalModule.ts';
import type { Answers, Asker, OpenAsker } from '../Asker.ts';
import { HOST } from '../host.ts';

/** @grpc/grpc-js, with messages of bytes: no serializer is measured. */
class GrpcAsker implements Asker {
  readonly #client: GrpcClient;

  constructor(client: GrpcClient) {
    this.#client = client;
  }

  ask(sequence: number, answers: Answers): void {
    const message = Buffer.alloc(METADATA_LENGTH + DATA_LENGTH);
    message[METADATA_LENGTH] = sequence;
    this.#client.echo(message, (error, answer) => {
      if (error === null) answers.answered(sequence, answer[0] as number, answer.length);
      else answers.failed(error);
    });
  }

  close(): void {
    this.#client.close();
  }
}

export const grpc: OpenAsker = async (port) => {
  const library = rivalModule<GrpcLibrary>('@grpc/grpc-js');
  const Client = library.makeGenericClientConstructor(GRPC_SERVICE, 'Echo');
  return new GrpcAsker(new Client(`${HOST}:${port}`, library.credentials.createInsecure()));
};
