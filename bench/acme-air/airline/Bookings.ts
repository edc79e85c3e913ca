import {
  AUDITOR,
  type Booking,
  type BookingRequest,
  type BookingService,
  type BookingSummary,
  type CustomerService,
  type FlightService,
  type Nothing,
  type OfUser,
} from './AirlineServices.ts';
import { ECONOMY_SEATS, FIRST_CLASS_SEATS } from './Flights.ts';
import { CONFLICT, NOT_FOUND, ServiceError } from './ServiceError.ts';
import { checkToken, type Tokens } from './tokens.ts';

/** Of any flight: all are by the same airplane. */
export const SEATS: number = FIRST_CLASS_SEATS + ECONOMY_SEATS;

interface Leg {
  readonly flight: string;
  readonly segment: string;
}

type MileageServices = readonly [
  flight: Pick<FlightService, 'getRewardMiles'>,
  customer: Pick<CustomerService, 'updateTotalMiles'>,
];

/** Who has booked which flight. */
export class Bookings implements BookingService {
  readonly #tokens: Tokens;
  readonly #services: MileageServices;
  /** By user, by number. */
  readonly #bookings: Map<string, Map<string, Booking>> = new Map();
  readonly #seatsTaken: Map<string, number> = new Map();
  #nextNumber = 1;
  #failures = 0;

  constructor(tokens: Tokens, ...services: MileageServices) {
    this.#tokens = tokens;
    this.#services = services;
  }

  async bookFlights(request: BookingRequest, token: string): Promise<{ numbers: string[] }> {
    const { user, oneWay } = request;
    await checkToken(this.#tokens, token, user);
    const legs: Leg[] = [{ flight: request.toFlight, segment: request.toSegment }];
    if (!oneWay) legs.push({ flight: request.returnFlight, segment: request.returnSegment });
    this.#takeSeats(legs);
    try {
      for (const { segment } of legs) await this.#addMiles(user, segment, 1, token);
    } catch (error) {
      for (const { flight } of legs) this.#giveSeatBack(flight);
      throw error;
    }
    const ofUser = this.#bookings.get(user) ?? new Map<string, Booking>();
    this.#bookings.set(user, ofUser);
    const bookedAt = new Date().toISOString();
    const numbers: string[] = [];
    for (const { flight, segment } of legs) {
      const number = `B${this.#nextNumber++}`;
      ofUser.set(number, { number, user, flight, segment, bookedAt });
      numbers.push(number);
    }
    return { numbers };
  }

  async byUser({ user }: OfUser, token: string): Promise<{ bookings: Booking[] }> {
    await checkToken(this.#tokens, token, user);
    return { bookings: [...(this.#bookings.get(user)?.values() ?? [])] };
  }

  async cancel({ user, number }: OfUser & { number: string }, token: string): Promise<Nothing> {
    await checkToken(this.#tokens, token, user);
    const ofUser = this.#bookings.get(user);
    const booking = ofUser?.get(number);
    if (ofUser === undefined || booking === undefined) throw new ServiceError(NOT_FOUND, `no booking ${number}`);
    // At once, so that nobody can cancel it twice.
    ofUser.delete(number);
    this.#giveSeatBack(booking.flight);
    await this.#addMiles(user, booking.segment, -1, token);
    return {};
  }

  async summary(_: Nothing, token: string): Promise<BookingSummary> {
    await checkToken(this.#tokens, token, AUDITOR);
    const segments: Record<string, Record<string, number>> = {};
    const flights: Record<string, number> = {};
    let bookings = 0;
    for (const [user, ofUser] of this.#bookings) {
      const bySegment: Record<string, number> = {};
      for (const { flight, segment } of ofUser.values()) {
        bookings++;
        bySegment[segment] = (bySegment[segment] ?? 0) + 1;
        flights[flight] = (flights[flight] ?? 0) + 1;
      }
      segments[user] = bySegment;
    }
    return { failures: this.#failures, bookings, segments, flights, seatsTaken: Object.fromEntries(this.#seatsTaken) };
  }

  /** All of them or none, before anything is awaited. */
  #takeSeats(legs: readonly Leg[]): void {
    for (const { flight, segment } of legs) {
      if (!flight.startsWith(`${segment}@`)) throw new ServiceError(NOT_FOUND, `no flight ${flight} on ${segment}`);
    }
    legs.forEach(({ flight }, at) => {
      const taken = this.#seatsTaken.get(flight) ?? 0;
      if (taken < SEATS) {
        this.#seatsTaken.set(flight, taken + 1);
        return;
      }
      for (const leg of legs.slice(0, at)) this.#giveSeatBack(leg.flight);
      throw new ServiceError(CONFLICT, `${flight} is sold out`);
    });
  }

  #giveSeatBack(flight: string): void {
    this.#seatsTaken.set(flight, (this.#seatsTaken.get(flight) as number) - 1);
  }

  async #addMiles(user: string, segment: string, sign: 1 | -1, token: string): Promise<void> {
    const [flight, customer] = this.#services;
    try {
      const { miles } = await flight.getRewardMiles({ segment }, token);
      await customer.updateTotalMiles({ user, miles: sign * miles }, token);
    } catch (error) {
      this.#failures++;
      throw error;
    }
  }
}
