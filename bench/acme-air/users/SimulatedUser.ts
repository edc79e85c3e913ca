import type { SeededRandom } from '../../harness/index.ts';
import type { AirlineServices, Flight } from '../airline/AirlineServices.ts';
import { PASSWORD, userName } from '../airline/Customers.ts';
import { flightDates } from '../airline/calendar.ts';
import { CONFLICT, NOT_FOUND, ServiceError } from '../airline/ServiceError.ts';
import { DESTINATIONS, ORIGINS } from '../airline/segments.ts';
import type { Tally } from './Tally.ts';

/** Users are drawn from so many customers, so some are logged in more than once. */
export const CUSTOMERS_IN_USE = 200;
const QUERIES = 5;
/** The profile, each query with its booking, and the list with its cancellations. */
export const STAGES: number = 1 + QUERIES + 1;
const OUTBOUND_DAYS = 6;
const RETURN_DAYS = 7;
const PROFILE_SHARE = 0.25;
const CANCEL_SHARE = 0.25;
/** Who cancels, cancels all but so many. */
const BOOKINGS_KEPT = 2;

/** Makes one request: times it, or ends the user's loop by rejecting. */
export type Ask = <Answer>(request: () => Promise<Answer>) => Promise<Answer>;

/** Someone who flies a lot, does not think, and waits for each answer. */
export class SimulatedUser {
  readonly #airline: AirlineServices;
  readonly #ask: Ask;
  readonly #random: SeededRandom;
  readonly #tally: Tally;
  readonly #dates: readonly string[];

  /** @param today the first day with flights, as 2026-11-23 */
  constructor(airline: AirlineServices, today: string, ask: Ask, random: SeededRandom, tally: Tally) {
    this.#airline = airline;
    this.#ask = ask;
    this.#random = random;
    this.#tally = tally;
    this.#dates = flightDates(today);
  }

  /**
   * @param firstStage which of `STAGES` comes after the login: so that many who begin together are soon spread over
   *   the loop, as if they had been at it for long
   */
  async loop(firstStage = 0): Promise<void> {
    const { auth } = this.#airline;
    const user = userName(this.#random.below(CUSTOMERS_IN_USE));
    const { token } = await this.#ask(() => auth.login({ user, password: PASSWORD }, ''));
    this.#tally.logins++;
    if (firstStage === 0 && this.#random.next() < PROFILE_SHARE) await this.#updateProfile(user, token);
    for (let query = Math.max(firstStage - 1, 0); query < QUERIES; query++) await this.#queryAndBook(user, token);
    await this.#listAndCancel(user, token);
    await this.#ask(() => auth.logout({ user }, token));
    this.#tally.loops++;
  }

  async #updateProfile(user: string, token: string): Promise<void> {
    const { customer } = this.#airline;
    const { address, phoneNumber, phoneNumberType } = await this.#ask(() => customer.getById({ user }, token));
    const streetAddress1 = `${1 + this.#random.below(1_000)} Runway Road`;
    const profile = { user, address: { ...address, streetAddress1 }, phoneNumber, phoneNumberType };
    const updated = await this.#ask(() => customer.updateById(profile, token));
    if (updated.user !== user) throw new Error(`${user} got the profile of ${updated.user}`);
  }

  async #queryAndBook(user: string, token: string): Promise<void> {
    const { flight, booking } = this.#airline;
    // Any other airport: the destinations are the first of the origins.
    const toIndex = this.#random.below(DESTINATIONS.length);
    const to = DESTINATIONS[toIndex] as string;
    const from = ORIGINS[(toIndex + 1 + this.#random.below(ORIGINS.length - 1)) % ORIGINS.length] as string;
    const fromDate = this.#dates[this.#random.below(OUTBOUND_DAYS)] as string;
    const returnDate = this.#dates[OUTBOUND_DAYS + this.#random.below(RETURN_DAYS)] as string;
    const query = { from, to, fromDate, returnDate, oneWay: false };
    const found = await this.#ask(() => flight.queryFlights(query, token));
    const [there] = found.outbound;
    const [back] = found.return;
    if (there === undefined || back === undefined) return;
    if (!isOn(there, from, to, fromDate) || !isOn(back, to, from, returnDate)) {
      throw new Error(`asked for ${from} to ${to} and back, got ${there.id} and ${back.id}`);
    }
    const legs = {
      toFlight: there.id,
      toSegment: there.segment.id,
      returnFlight: back.id,
      returnSegment: back.segment.id,
    };
    try {
      const { numbers } = await this.#ask(() => booking.bookFlights({ user, ...legs, oneWay: false }, token));
      this.#tally.booked += numbers.length;
    } catch (error) {
      if (statusOf(error) !== CONFLICT) throw error;
      this.#tally.soldOut++;
    }
  }

  async #listAndCancel(user: string, token: string): Promise<void> {
    const { booking } = this.#airline;
    const { bookings } = await this.#ask(() => booking.byUser({ user }, token));
    if (this.#random.next() >= CANCEL_SHARE) return;
    for (const { number } of bookings.slice(BOOKINGS_KEPT)) {
      try {
        await this.#ask(() => booking.cancel({ user, number }, token));
        this.#tally.cancelled++;
      } catch (error) {
        if (statusOf(error) !== NOT_FOUND) throw error;
        this.#tally.cancelledByOthers++;
      }
    }
  }
}

function isOn({ segment, departure }: Flight, from: string, to: string, date: string): boolean {
  return segment.origin === from && segment.destination === to && departure.startsWith(date);
}

function statusOf(error: unknown): number | undefined {
  return error instanceof ServiceError ? error.status : undefined;
}
