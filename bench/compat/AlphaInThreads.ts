import { ShmClientTransport } from 'flysocket/compat/rsocket-core';
import { askAlpha, connectAlpha, connectAlphaBy } from '../network/AlphaRequests.ts';
import type { AlphaLibrary, AlphaSocket } from '../network/rivalLibraries.ts';
import { LibraryRequests } from './LibraryRequests.ts';

/** npm rsocket 1.0.0-alpha.3 between two threads: by the loopback interface, or by our rings. */
export class AlphaInThreads extends LibraryRequests<AlphaSocket> {
  protected override readonly ask: typeof askAlpha = askAlpha;
  readonly #library: AlphaLibrary;
  readonly #road: 'tcp' | 'shm';

  constructor(name: string, inFlight: number, batch: number, library: AlphaLibrary, road: 'tcp' | 'shm') {
    super(name, inFlight, batch, `alpha-${road}`);
    this.#library = library;
    this.#road = road;
  }

  protected override connect(port: number): Promise<AlphaSocket> {
    if (this.#road === 'tcp') return connectAlpha(this.#library, port);
    return connectAlphaBy(this.#library, new ShmClientTransport({ worker: this.thread.worker }));
  }
}
