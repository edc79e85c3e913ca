import { type Item, textOf } from './Item.ts';

/** What a client said when it connected. */
export interface SeenSetup extends Item {
  readonly dataMimeType: string | undefined;
  readonly metadataMimeType: string | undefined;
}

/**
 * What one side has been asked, and how it answers:
 *
 *   request-response  what was sent, metadata and data; `never` is not answered
 *   request-stream    `n`: items with the data 0 to n - 1, and the metadata of the request
 *   request-channel   each item as it was sent
 *   `error:<code>:<message>` ends any of them with that error; `n;error:<code>:<message>` a stream after n items
 */
export class ReferenceLog {
  readonly setups: SeenSetup[] = [];
  readonly fireAndForgets: Item[] = [];
  readonly pushes: Uint8Array[] = [];
  /** What requesters of channels failed with. */
  readonly failures: string[] = [];
  /** Items that streams have made. */
  produced = 0;
  /** Requests that their requester gave up, or whose connection has ended. */
  cancels = 0;
}

/** An error to be answered with. */
export interface ErrorAnswer {
  readonly code: number;
  readonly message: string;
}

/** The error that a request asks for, if it does. */
export function errorAskedFor(request: Item): ErrorAnswer | undefined {
  if (request.data.length > 200) return undefined;
  const [, code, message = ''] = /^(?:\d+;)?error:(\d+):(.*)$/s.exec(textOf(request)) ?? [];
  return code === undefined ? undefined : { code: Number(code), message };
}

/** How many items a request asks for. */
export function countAskedFor(request: Item): number {
  return Number.parseInt(textOf(request), 10) || 0;
}
