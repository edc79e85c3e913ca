import { until } from '../tck/until.ts';
import { poolIsQuiescent } from './flysocket.ts';
import type { ClientSettings, End, Implementation, Link, Listener, ServerSettings } from './Implementation.ts';
import { Tap } from './Tap.ts';

/** Two implementations that are to be connected. */
export interface Between {
  readonly client: Implementation;
  readonly server: Implementation;
  readonly link: Link;
  readonly clientSettings?: ClientSettings;
  readonly serverSettings?: ServerSettings;
  /** Listens to the frames between them; over TCP alone. */
  readonly tapped?: boolean;
}

/** Both ends of one connection, and the server's listener. */
export interface Ends {
  readonly client: End;
  readonly server: End;
  readonly listener: Listener;
  /** Undefined unless asked for. */
  readonly tap: Tap | undefined;
}

/** Runs `body` between two ends that are connected, ends them, and finds that our memory has come back. */
export async function withEnds(
  { client, server, link, clientSettings, serverSettings, tapped = false }: Between,
  body: (ends: Ends) => Promise<void>,
): Promise<void> {
  const listener = await server.listen(link, serverSettings);
  const tap = tapped ? await Tap.before(listener.port) : undefined;
  let clientEnd: End | undefined;
  try {
    clientEnd = await client.connect(link, tap?.port ?? listener.port, clientSettings);
    await until(() => listener.ends.length === 1, 'the server has let its client in');
    await body({ client: clientEnd, server: listener.ends[0] as End, listener, tap });
  } finally {
    clientEnd?.close();
    await listener.close();
    tap?.close();
  }
  await poolIsQuiescent();
}
