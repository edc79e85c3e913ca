/** Asks a routed service that lives in a worker, by npm rsocket-core. */
import { Worker } from 'node:worker_threads';
import { ShmClientTransport } from 'flysocket/compat/rsocket-core';
import { APPLICATION_JSON, MESSAGE_RSOCKET_COMPOSITE_METADATA } from 'flysocket/metadata';
import { RSocketConnector } from 'rsocket-core';
import { RouteClient } from './RouteClient.ts';

const worker = new Worker(new URL('./worker.js', import.meta.url));
const rsocket = await new RSocketConnector({
  transport: new ShmClientTransport({ worker }),
  setup: { dataMimeType: APPLICATION_JSON, metadataMimeType: MESSAGE_RSOCKET_COMPOSITE_METADATA },
}).connect();
const service = new RouteClient(rsocket);

service.send('airports.add', { icao: 'LOWW', latitude: 48.1, longitude: 16.6 });
service.send('airports.add', { icao: 'LOWG', latitude: 47, longitude: 15.4 });
console.log('airports:', await service.request('airports.count'));
console.log('nearest:', await service.request('airports.nearest', { latitude: 47.1, longitude: 15 }));

for await (const flight of service.stream('flights.from', 'LOWW')) {
  console.log(JSON.stringify(flight));
  if ((flight as { flight: number }).flight === 6) break; // cancels the stream
}
await service.request('airports.close').catch((error: Error) => console.log(error.message));

rsocket.close();
await worker.terminate();
