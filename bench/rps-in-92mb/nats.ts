/** What the benches use of npm nats 2.29.3. */

import { rivalModule } from '../rivalModule.ts';
import { HOST } from './host.ts';

export interface NatsMessage {
  readonly data: Uint8Array;
  respond(data: Uint8Array): boolean;
}

export interface NatsConnection {
  request(subject: string, data: Uint8Array, options: { timeout: number }): Promise<NatsMessage>;
  subscribe(subject: string, options: { callback(error: Error | null, message: NatsMessage): void }): unknown;
  flush(): Promise<void>;
  close(): Promise<void>;
}

interface NatsModule {
  connect(options: { servers: string }): Promise<NatsConnection>;
}

export const SUBJECT = 'echo';

/** @param port of a nats-server on this machine */
export function connectNats(port: number): Promise<NatsConnection> {
  return rivalModule<NatsModule>('nats').connect({ servers: `${HOST}:${port}` });
}
