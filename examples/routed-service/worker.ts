/** The service: routes in a thread of its own, behind rsocket-core. */
import { ShmServerTransport } from 'flysocket/compat/rsocket-core';
import { RSocketServer } from 'rsocket-core';
import { RouteTable } from './RouteTable.ts';

interface Position {
  readonly icao: string;
  readonly latitude: number;
  readonly longitude: number;
}

const airports = new Map<string, Position>();

const routes = new RouteTable()
  .method('airports.add', (airport: Position) => {
    airports.set(airport.icao, airport);
  })
  .method('airports.count', () => airports.size)
  .method('airports.nearest', (to: Omit<Position, 'icao'>) => {
    const distance = ({ latitude, longitude }: Position): number =>
      Math.hypot(latitude - to.latitude, longitude - to.longitude);
    const [nearest] = [...airports.values()].sort((a, b) => distance(a) - distance(b));
    if (nearest === undefined) throw new Error('no airports');
    return nearest.icao;
  })
  .source('flights.from', function* (icao: string) {
    for (let n = 1; ; n++) yield { from: icao, flight: n };
  });

await new RSocketServer({
  transport: new ShmServerTransport(),
  acceptor: { accept: async () => routes.responder() },
}).bind();
