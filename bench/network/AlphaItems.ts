import { connectAlpha } from './AlphaRequests.ts';
import type { AlphaLibrary, AlphaRequester, AlphaSocket } from './rivalLibraries.ts';
import { CREDIT, ITEM_LENGTH, StreamItems } from './StreamItems.ts';

/** npm rsocket 1.0.0-alpha.3 at both ends. */
export class AlphaItems extends StreamItems {
  readonly #library: AlphaLibrary;
  #socket: AlphaSocket | undefined;
  #stream: AlphaRequester | undefined;

  constructor(name: string, batch: number, library: AlphaLibrary) {
    super(name, batch, 'alpha-tcp');
    this.#library = library;
  }

  protected override async begin(port: number): Promise<void> {
    this.#socket = await connectAlpha(this.#library, port);
    const request = { data: Buffer.alloc(ITEM_LENGTH, 1) };
    this.#stream = this.#socket.requestStream(request, CREDIT, {
      onNext: ({ data }) => this.took(data[0] as number, data.length),
      onComplete() {},
      onError: (error) => this.failed(error),
      onExtension() {},
    });
  }

  protected override grant(n: number): void {
    this.#stream?.request(n);
  }

  protected override end(): void {
    this.#socket?.close();
  }
}
