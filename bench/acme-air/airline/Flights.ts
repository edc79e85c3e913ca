import type { Flight, FlightQuery, FlightService, FlightsFound, Segment } from './AirlineServices.ts';
import { flightDates } from './calendar.ts';
import { NOT_FOUND, ServiceError } from './ServiceError.ts';
import { SEGMENTS } from './segments.ts';
import { checkToken, type Tokens } from './tokens.ts';

export const FIRST_CLASS_SEATS = 10;
export const ECONOMY_SEATS = 200;
const FIRST_CLASS_COST = 500;
const ECONOMY_COST = 200;
const MILES_PER_HOUR = 600;
const HOUR_MS = 3_600_000;

/** Who flies where and when: one flight a segment and day, departing at midnight. */
export class Flights implements FlightService {
  readonly #tokens: Tokens;
  readonly #segments: Map<string, Segment> = new Map(SEGMENTS.map((segment) => [segment.id, segment]));
  /** By airports and date. */
  readonly #flights: Map<string, Flight[]> = new Map();

  /** @param today the first day with flights, as 2026-11-23 */
  constructor(tokens: Tokens, today: string) {
    this.#tokens = tokens;
    for (const date of flightDates(today)) {
      for (const segment of SEGMENTS) {
        this.#flights.set(key(segment.origin, segment.destination, date), [newFlight(segment, date)]);
      }
    }
  }

  async queryFlights(query: FlightQuery, token: string): Promise<FlightsFound> {
    await checkToken(this.#tokens, token);
    const { from, to, fromDate, returnDate, oneWay } = query;
    return {
      outbound: this.#flights.get(key(from, to, fromDate)) ?? [],
      return: oneWay ? [] : (this.#flights.get(key(to, from, returnDate)) ?? []),
    };
  }

  async getRewardMiles({ segment }: { segment: string }, token: string): Promise<{ miles: number }> {
    await checkToken(this.#tokens, token);
    const found = this.#segments.get(segment);
    if (found === undefined) throw new ServiceError(NOT_FOUND, `no segment ${segment}`);
    return { miles: found.miles };
  }
}

function key(from: string, to: string, date: string): string {
  return `${from}-${to} ${date}`;
}

function newFlight(segment: Segment, date: string): Flight {
  const departure = Date.parse(date);
  return {
    id: `${segment.id}@${date}`,
    segment,
    departure: new Date(departure).toISOString(),
    arrival: new Date(departure + (segment.miles / MILES_PER_HOUR) * HOUR_MS).toISOString(),
    firstClassCost: FIRST_CLASS_COST,
    economyCost: ECONOMY_COST,
    firstClassSeats: FIRST_CLASS_SEATS,
    economySeats: ECONOMY_SEATS,
    airplane: 'B747',
  };
}
