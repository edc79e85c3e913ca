import type { SliceAllocator } from '../pool/index.ts';
import type { DuplexConnection } from '../transport/index.ts';
import { PendingResponse, type PendingResponseOwner } from './PendingResponse.ts';

/** Objects kept for reuse; more than that go to the garbage collector. */
const MAX_POOLED_RESPONSES = 4_096;

/** What settles the promises of one peer's request-responses, to be used again and again. */
export class PendingResponses implements PendingResponseOwner {
  readonly allocator: SliceAllocator;
  readonly #connection: DuplexConnection;
  readonly #pool: PendingResponse[] = [];

  /** @param allocator of memory for the answers */
  constructor(allocator: SliceAllocator, connection: DuplexConnection) {
    this.allocator = allocator;
    this.#connection = connection;
  }

  /** For one request. Allocates if more are pending than ever before. */
  take(): PendingResponse {
    return this.#pool.pop() ?? new PendingResponse(this);
  }

  onSettled(pending: PendingResponse): void {
    if (this.#pool.length < MAX_POOLED_RESPONSES) this.#pool.push(pending);
    // Whoever awaits the answer has his turn before more of them are read.
    this.#connection.yieldSoon();
  }
}
