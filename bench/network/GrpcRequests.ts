import { DATA_LENGTH, METADATA_LENGTH } from '../request-response/RequestContender.ts';
import { NetworkRequests } from './NetworkRequests.ts';
import { GRPC_SERVICE, type GrpcClient, type GrpcLibrary } from './rivalLibraries.ts';

/** @grpc/grpc-js at both ends, with messages of bytes. */
export class GrpcRequests extends NetworkRequests {
  readonly #library: GrpcLibrary;
  #client: GrpcClient | undefined;

  constructor(name: string, inFlight: number, batch: number, library: GrpcLibrary) {
    super(name, inFlight, batch, 'grpc');
    this.#library = library;
  }

  protected override async connect(port: number): Promise<void> {
    const Client = this.#library.makeGenericClientConstructor(GRPC_SERVICE, 'Echo');
    this.#client = new Client(`127.0.0.1:${port}`, this.#library.credentials.createInsecure());
  }

  protected override disconnect(): void {
    this.#client?.close();
  }

  protected override send(sequence: number): void {
    const message = Buffer.alloc(METADATA_LENGTH + DATA_LENGTH);
    message[METADATA_LENGTH] = sequence;
    (this.#client as GrpcClient).echo(message, (error, answer) => {
      if (error === null) this.answered(sequence, answer[0] as number, answer.length);
      else this.failed(error);
    });
  }
}
