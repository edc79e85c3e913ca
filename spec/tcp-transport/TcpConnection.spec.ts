import { duplexConnectionKit } from '../tck/duplexConnection.ts';
import { tcpPair } from './tcpSupport.ts';

/** So little that every test of back pressure gets there. */
const HIGH_WATER_BYTES = 32_768;

for (const kind of ['tcp', 'unix', 'tls'] as const) {
  duplexConnectionKit(`TcpConnection (${kind})`, () => tcpPair(kind, { highWaterBytes: HIGH_WATER_BYTES }), {
    shortestFrame: 6,
    placesFrames: false,
  });
}
