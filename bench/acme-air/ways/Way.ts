import type { AirlineServices } from '../airline/AirlineServices.ts';
import type { TokenLibrary } from '../airline/tokens.ts';
import type { CodecName } from '../wire/codecs.ts';

/** How the services are run and reached. */
export interface WaySpec {
  readonly name: string;
  readonly wire: 'http' | 'tcp' | 'threads';
  /** Of the data; HTTP has JSON. */
  readonly codec: CodecName;
  /** A reverse proxy before each service. */
  readonly hasSidecars: boolean;
}

/** What all services of one airline have in common. */
export interface AirlineOptions {
  /** First day with flights, as 2026-11-23. */
  readonly today: string;
  readonly tokenLibrary: TokenLibrary;
  /** Signs the tokens. */
  readonly secret: string;
}

/** An airline that runs. */
export interface Way {
  readonly airline: AirlineServices;
  /** Rejects when a service ends that should not. */
  readonly failed: Promise<never>;
  /** Processor time so far of all that belongs to it, this process included. */
  cpuMicros(): Promise<number>;
  /** Ends what belongs to it. */
  close(): Promise<void>;
}

export const WAYS: readonly WaySpec[] = [
  { name: 'HTTP/JSON', wire: 'http', codec: 'JSON', hasSidecars: false },
  { name: 'HTTP/JSON, sidecars', wire: 'http', codec: 'JSON', hasSidecars: true },
  { name: 'flysocket TCP, JSON', wire: 'tcp', codec: 'JSON', hasSidecars: false },
  { name: 'flysocket TCP, msgpackr', wire: 'tcp', codec: 'msgpackr', hasSidecars: false },
  { name: 'flysocket threads, JSON', wire: 'threads', codec: 'JSON', hasSidecars: false },
  { name: 'flysocket threads, msgpackr', wire: 'threads', codec: 'msgpackr', hasSidecars: false },
];

/** Processor time of this process, all its threads together. */
export function ownCpuMicros(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}
