import { type Encoders, RSocketShmClient } from 'flysocket/compat/rsocket-core-0';
import type { ZeroLibrary, ZeroSocket } from '../network/rivalLibraries.ts';
import { askZero, connectZero, connectZeroBy } from '../network/ZeroRequests.ts';
import { LibraryRequests } from './LibraryRequests.ts';

/** npm rsocket 0.0.27 between two threads: by the loopback interface, or by our rings. */
export class ZeroInThreads extends LibraryRequests<ZeroSocket> {
  protected override readonly ask: typeof askZero = askZero;
  readonly #library: ZeroLibrary;
  readonly #road: 'tcp' | 'shm';

  constructor(name: string, inFlight: number, batch: number, library: ZeroLibrary, road: 'tcp' | 'shm') {
    super(name, inFlight, batch, `zero-${road}`);
    this.#library = library;
    this.#road = road;
  }

  protected override connect(port: number): Promise<ZeroSocket> {
    if (this.#road === 'tcp') return connectZero(this.#library, 'tcp', port);
    const encoders = this.#library.core.BufferEncoders as Encoders;
    return connectZeroBy(this.#library, new RSocketShmClient({ worker: this.thread.worker }, encoders));
  }
}
