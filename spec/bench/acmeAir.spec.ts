import * as assert from 'uvu/assert';
import type { AirlineServices, BookingRequest } from '../../bench/acme-air/airline/AirlineServices.ts';
import { SEATS } from '../../bench/acme-air/airline/Bookings.ts';
import { PASSWORD, userName } from '../../bench/acme-air/airline/Customers.ts';
import { newAirline } from '../../bench/acme-air/airline/newService.ts';
import {
  CONFLICT,
  FORBIDDEN,
  NOT_FOUND,
  ServiceError,
  UNAUTHORIZED,
} from '../../bench/acme-air/airline/ServiceError.ts';
import { DESTINATIONS, ORIGINS, SEGMENTS } from '../../bench/acme-air/airline/segments.ts';
import { defaultTokenLibrary, loadTokens, type Tokens } from '../../bench/acme-air/airline/tokens.ts';
import { measureAirline } from '../../bench/acme-air/measureAirline.ts';
import { auditAirline, stateOf } from '../../bench/acme-air/users/auditAirline.ts';
import { SimulatedUser } from '../../bench/acme-air/users/SimulatedUser.ts';
import { Tally } from '../../bench/acme-air/users/Tally.ts';
import { ServiceProcess } from '../../bench/acme-air/ways/ServiceProcess.ts';
import { WAYS, type WaySpec } from '../../bench/acme-air/ways/Way.ts';
import { connectService, serveService } from '../../bench/acme-air/wire/network.ts';
import { SeededRandom } from '../../bench/harness/index.ts';
import { isInstalled } from '../../bench/loadRival.ts';
import { suite } from '../support/suite.ts';

const test = suite('acme-air');

const SECRET = 'a secret of this spec, long enough for HMAC';
const TODAY = '2026-11-23';
const LOOPS = 300;
const SEED = 4711;
const USER = userName(7);

interface World {
  readonly airline: AirlineServices;
  readonly tokens: Tokens;
}

/** The libraries of tokens and HTTP are rivals', which need not be installed. */
const HAS_TOKENS = isInstalled(defaultTokenLibrary());

async function newWorld(): Promise<World> {
  const tokens = await loadTokens(defaultTokenLibrary(), SECRET);
  return { airline: newAirline(tokens, TODAY), tokens };
}

/** Runs so many loops of one user. */
async function fly({ airline }: World, loops: number): Promise<Tally> {
  const tally = new Tally();
  const user = new SimulatedUser(airline, TODAY, (request) => request(), new SeededRandom(SEED), tally);
  for (let loop = 0; loop < loops; loop++) await user.loop();
  return tally;
}

async function statusOf(call: Promise<unknown>): Promise<number> {
  const error = await call.then(
    () => assert.unreachable('was not refused'),
    (thrown: unknown) => thrown,
  );
  assert.instance(error, ServiceError);
  return (error as ServiceError).status;
}

function flightOn(date: string): Pick<BookingRequest, 'toFlight' | 'toSegment'> {
  return { toFlight: `AA3@${date}`, toSegment: 'AA3' };
}

const ONE_WAY = { returnFlight: '', returnSegment: '', oneWay: true };

test('miles between airports', () => {
  assert.is(ORIGINS.length, 28);
  assert.is(DESTINATIONS.length, 14);
  const milesOf = (origin: string, destination: string): number | undefined =>
    SEGMENTS.find((segment) => segment.origin === origin && segment.destination === destination)?.miles;
  // Published great-circle distances, to half a per cent.
  for (const [origin, destination, miles] of [
    ['JFK', 'LHR', 3_451],
    ['LAX', 'HND', 5_488],
    ['DEL', 'SIN', 2_583],
  ] as const) {
    assert.ok(Math.abs((milesOf(origin, destination) as number) / miles - 1) < 0.005, `${origin} ${destination}`);
  }
  assert.is(milesOf('SYD', 'LHR'), undefined, 'beyond range');
  assert.is(milesOf('JFK', 'JFK'), undefined);
  assert.is(SEGMENTS.at(-1)?.id, `AA${SEGMENTS.length - 1}`);
});

if (HAS_TOKENS) {
  test('some hundred loops, and the books are right', async () => {
    const world = await newWorld();
    const tally = await fly(world, LOOPS);
    assert.is(tally.loops, LOOPS);
    assert.ok(tally.booked > LOOPS && tally.cancelled > 0);
    assert.equal(auditAirline(tally, await stateOf(world.airline, world.tokens)), []);
    const again = await fly(await newWorld(), LOOPS);
    assert.equal({ ...again }, { ...tally }, 'one seed, one history');
  });

  test('a wrong token is refused by every operation, and nothing has happened', async () => {
    const { airline, tokens } = await newWorld();
    const { auth, customer, flight, booking } = airline;
    const own = await tokens.sign(USER);
    const others = await tokens.sign(userName(8));
    const forged = await (await loadTokens(defaultTokenLibrary(), 'another secret, of the same length')).sign(USER);
    const address = (await customer.getById({ user: USER }, own)).address;
    for (const token of [others, forged, `${own.slice(0, -4)}AAAA`, 'no token', '']) {
      const ofUser = [
        auth.logout({ user: USER }, token),
        auth.summary({}, token),
        customer.getById({ user: USER }, token),
        customer.updateById({ user: USER, address, phoneNumber: '', phoneNumberType: '' }, token),
        customer.updateTotalMiles({ user: USER, miles: 1 }, token),
        customer.summary({}, token),
        booking.bookFlights({ user: USER, ...flightOn(TODAY), ...ONE_WAY }, token),
        booking.byUser({ user: USER }, token),
        booking.cancel({ user: USER, number: 'B1' }, token),
        booking.summary({}, token),
      ];
      const query = { from: 'JFK', to: 'LHR', fromDate: TODAY, returnDate: TODAY, oneWay: true };
      const ofAnybody = [flight.queryFlights(query, token), flight.getRewardMiles({ segment: 'AA3' }, token)];
      const refused = token === others ? ofUser : [...ofUser, ...ofAnybody];
      for (const call of refused) assert.is(await statusOf(call), FORBIDDEN);
      if (token === others) await Promise.all(ofAnybody);
    }
    assert.equal(auditAirline(new Tally(), await stateOf(airline, tokens)), []);
  });

  test('a wrong password, and what is not there', async () => {
    const { airline, tokens } = await newWorld();
    const { auth, flight, booking } = airline;
    const own = await tokens.sign(USER);
    assert.is(await statusOf(auth.login({ user: USER, password: 'passwort' }, '')), UNAUTHORIZED);
    assert.is(await statusOf(auth.login({ user: 'nobody', password: PASSWORD }, '')), UNAUTHORIZED);
    assert.is(await statusOf(flight.getRewardMiles({ segment: 'AA9999' }, own)), NOT_FOUND);
    assert.is(await statusOf(booking.cancel({ user: USER, number: 'B1' }, own)), NOT_FOUND);
    const wrong = { user: USER, toFlight: 'AA3@2026-11-23', toSegment: 'AA4', ...ONE_WAY };
    assert.is(await statusOf(booking.bookFlights(wrong, own)), NOT_FOUND);
  });

  test('seats are never overbooked, however many ask at once', async () => {
    const { airline, tokens } = await newWorld();
    const { booking } = airline;
    const token = await tokens.sign(USER);
    const flight = flightOn(TODAY);
    const book = (): Promise<{ numbers: string[] }> =>
      booking.bookFlights({ user: USER, ...flight, ...ONE_WAY }, token);
    const results = await Promise.allSettled(Array.from({ length: SEATS + 20 }, book));
    assert.is(results.filter(({ status }) => status === 'fulfilled').length, SEATS);
    // A full flight on the way back leaves the seat on the way there.
    const there = flightOn('2026-11-24');
    const both = { user: USER, ...there, returnFlight: flight.toFlight, returnSegment: 'AA3', oneWay: false };
    assert.is(await statusOf(booking.bookFlights(both, token)), CONFLICT);
    const tally = new Tally();
    tally.booked = SEATS;
    const state = await stateOf(airline, tokens);
    assert.equal(auditAirline(tally, state), []);
    assert.is(state.booking.seatsTaken[there.toFlight], 0);
    const [first] = (await booking.byUser({ user: USER }, token)).bookings;
    await booking.cancel({ user: USER, number: first?.number as string }, token);
    assert.is((await book()).numbers.length, 1, 'a seat that was given back');
  });

  test('the audit finds what is wrong', async () => {
    const world = await newWorld();
    const tally = await fly(world, 20);
    const state = await stateOf(world.airline, world.tokens);
    const { booking, customer } = state;
    assert.equal(auditAirline(tally, state), []);

    const [flight] = Object.keys(booking.flights) as [string];
    const overbooked = { ...booking.flights, [flight]: SEATS + 1 };
    const taken = { ...booking.seatsTaken, [flight]: SEATS + 1 };
    const wrong = { ...state, booking: { ...booking, flights: overbooked, seatsTaken: taken } };
    assert.match(auditAirline(tally, wrong).join(), `${flight} has ${SEATS} seats and ${SEATS + 1} bookings`);
    const leaked = { ...state, booking: { ...booking, seatsTaken: taken } };
    assert.match(auditAirline(tally, leaked).join(), `for ${SEATS + 1} seats taken`);
    const lost = { ...state, booking: { ...booking, bookings: booking.bookings - 1 } };
    assert.match(auditAirline(tally, lost).join(), 'booked less');
    const failing = { ...state, authFailures: 1, booking: { ...booking, failures: 1 } };
    assert.match(auditAirline(tally, failing).join(), '2 calls between services failed');
    assert.match(auditAirline(tally, { ...state, customer: { miles: {} } }).join(), 'miles, and');

    await world.airline.customer.updateTotalMiles({ user: USER, miles: 1 }, await world.tokens.sign(USER));
    const complaints = auditAirline(tally, await stateOf(world.airline, world.tokens));
    const before = customer.miles[USER] ?? 1_000_000;
    assert.equal(complaints, [`${USER} has ${before + 1} miles, and ${before} by the bookings`]);

    tally.fail(new Error('once'));
    assert.match(auditAirline(tally, state).join(), '1 requests failed, the first: once');
  });
}

for (const way of WAYS.filter(({ codec, hasSidecars }) => codec === 'JSON' && !hasSidecars)) {
  const runs = HAS_TOKENS && (way.wire !== 'http' || (isInstalled('fastify') && isInstalled('undici')));
  if (!runs) continue;

  test(
    `${way.name}: a few users, and the audit`,
    async () => {
      const pace = { ramp: [4], rounds: 1, beginMs: 100, beginRequests: 0, warmupMs: 100, measureMs: 400 };
      const { ways, skipped } = await measureAirline({ pace, ways: [way] });
      assert.equal(skipped, []);
      assert.is(ways.length, 1);
      assert.equal(ways[0]?.failures, []);
      const [step] = ways[0]?.steps ?? [];
      const [figures] = step?.rounds ?? [];
      assert.is(step?.users, 4);
      assert.ok(figures !== undefined && figures.requests > 0 && figures.cpuMicrosPerRequest > 0);
      assert.ok(figures.meanMs > 0 && figures.p99Ms >= figures.p50Ms);
    },
    { timeoutMs: 30_000 },
  );

  if (way.wire === 'threads') continue;
  test(`${way.name}: a refusal crosses with its status`, async () => {
    const { airline, tokens } = await newWorld();
    const server = await serveService('customer', airline.customer, way);
    const { service, close } = await connectService('customer', server.address, way);
    try {
      const token = await tokens.sign(USER);
      assert.equal(await service.getById({ user: USER }, token), await airline.customer.getById({ user: USER }, token));
      assert.is(await statusOf(service.getById({ user: userName(8) }, token)), FORBIDDEN);
      assert.is(await statusOf(service.updateTotalMiles({ user: USER, miles: 1 }, '')), FORBIDDEN);
      const nobody = await tokens.sign('nobody');
      assert.is(await statusOf(service.getById({ user: 'nobody' }, nobody)), NOT_FOUND);
    } finally {
      await close();
      await server.close();
    }
  });
}

if (HAS_TOKENS) {
  test(
    'a way that can not begin is told, and the others go on',
    async () => {
      const tcp = WAYS.find(({ wire }) => wire === 'tcp') as WaySpec;
      const broken = { ...tcp, name: 'broken', codec: 'none' as never };
      const pace = { ramp: [1], rounds: 1, beginMs: 50, beginRequests: 0, warmupMs: 0, measureMs: 100 };
      const { ways } = await measureAirline({ pace, ways: [broken, tcp] });
      assert.equal(
        ways.map(({ way, failures, steps }) => [way, failures.length, steps.length]),
        [
          ['broken', 1, 0],
          [tcp.name, 0, 1],
        ],
      );
      assert.match(ways[0]?.failures[0] ?? '', 'no codec is named none');
    },
    { timeoutMs: 30_000 },
  );

  test('a service that does not start, or has ended, is told by name', async () => {
    const service = await ServiceProcess.start('customer');
    const way = WAYS.find(({ wire }) => wire === 'tcp') as WaySpec;
    const options = { today: TODAY, tokenLibrary: defaultTokenLibrary(), secret: SECRET, addresses: {} };
    const messageOf = (promise: Promise<unknown>): Promise<string> =>
      promise.then(
        () => 'it was done',
        (error: Error) => error.message,
      );
    try {
      const broken = { ...options, way: { ...way, codec: 'none' as never }, service: 'customer' } as const;
      assert.is(await messageOf(service.serve(broken)), 'the customer service: no codec is named none');
      await service.serve({ ...broken, way });
      assert.ok((await service.cpuMicros()) > 0);
    } finally {
      await service.stop();
    }
    assert.is(await service.ended, 'the customer service ended with SIGKILL');
    assert.is(await messageOf(service.cpuMicros()), 'the customer service ended with SIGKILL');
  });
}

test.run();
