/**
 * One RSocket implementation behind one interface, so that each test is written once and run between any two of them.
 * Every implementation answers the same way, on whichever side it is: see `ReferenceLog`.
 */
import type { Item } from './Item.ts';
import type { ReferenceLog } from './ReferenceLog.ts';

/** What carries the frames. */
export type Link = 'tcp' | 'ws';

/** Who gets the items of a stream, and its end. */
export interface Sink {
  next(item: Item): void;
  complete(): void;
  fail(error: Error): void;
}

/** Who is asked for items. */
export interface Source {
  request(n: number): void;
  cancel(): void;
}

/** Items on demand: nothing is sent into `sink` before it is requested, but for an end. */
export type Publisher = (sink: Sink) => Source;

/** A request-response that runs. */
export interface Call {
  readonly response: Promise<Item>;
  cancel(): void;
}

/** One end of a connection: it asks, and it answers as `log` says. */
export interface End {
  readonly log: ReferenceLog;
  requestResponse(item: Item): Call;
  fireAndForget(item: Item): void;
  requestStream(item: Item, initialRequestN: number, sink: Sink): Source;
  requestChannel(items: Publisher, initialRequestN: number, sink: Sink): Source;
  metadataPush(metadata: Uint8Array): void;
  /** As its users close it: in good order, if it knows such a thing. */
  close(): void;
  /** Settles when it has ended, with the reason, if there is one. */
  readonly closed: Promise<Error | undefined>;
}

/** What a client says of itself. */
export interface ClientSettings {
  readonly setup?: Item;
  readonly dataMimeType?: string;
  readonly metadataMimeType?: string;
  readonly keepAliveMs?: number;
  readonly lifetimeMs?: number;
  /** Leases in both directions. */
  readonly lease?: LeaseSettings;
  /** Where its frames are to be cut, in its own way of counting. */
  readonly fragmentSize?: number;
  /** Asks for a connection that can be resumed. */
  readonly resumeToken?: string;
}

export interface ServerSettings {
  /** Refuses every client with that message. */
  readonly refusal?: string;
  readonly lease?: LeaseSettings;
  readonly fragmentSize?: number;
  /** The server sends KEEPALIVE of its own, where it can. */
  readonly keepsAlive?: boolean;
}

/** What this side grants the other, once it can; nothing if left out. */
export interface LeaseSettings {
  readonly requests?: number;
  readonly ttlMs?: number;
}

export interface Listener {
  readonly port: number;
  /** The server's ends, in order of arrival. */
  readonly ends: readonly End[];
  close(): Promise<void>;
}

/** Where implementations differ that are not at fault, or whose fault is shown by a test of its own. */
export interface Traits {
  /** Empty metadata arrives there as none. */
  readonly losesEmptyMetadata: boolean;
  /** Its answers, and the items of its streams, carry no metadata. */
  readonly answersWithoutMetadata: boolean;
  /** Every error that it sends is an APPLICATION_ERROR. */
  readonly hasOneErrorCode: boolean;
  readonly sendsMetadataPush: boolean;
  readonly takesMetadataPush: boolean;
}

export interface Implementation {
  readonly name: string;
  readonly traits: Traits;
  connect(link: Link, port: number, settings?: ClientSettings): Promise<End>;
  listen(link: Link, settings?: ServerSettings): Promise<Listener>;
}
