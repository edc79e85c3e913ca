import {
  type AirlineServices,
  AUDITOR,
  type BookingSummary,
  type CustomerSummary,
} from '../airline/AirlineServices.ts';
import { SEATS } from '../airline/Bookings.ts';
import { MILES_AT_START } from '../airline/Customers.ts';
import { SEGMENTS } from '../airline/segments.ts';
import type { Tokens } from '../airline/tokens.ts';
import type { Tally } from './Tally.ts';

/** What the services say of their state, when nobody asks them anything else any more. */
export interface AirlineState {
  readonly booking: BookingSummary;
  readonly customer: CustomerSummary;
  /** Failed calls of the auth service. */
  readonly authFailures: number;
}

const COMPLAINTS_SHOWN = 5;

/** @param tokens of the same secret as those of the services */
export async function stateOf(airline: AirlineServices, tokens: Tokens): Promise<AirlineState> {
  const token = await tokens.sign(AUDITOR);
  const [booking, customer, auth] = await Promise.all([
    airline.booking.summary({}, token),
    airline.customer.summary({}, token),
    airline.auth.summary({}, token),
  ]);
  return { booking, customer, authFailures: auth.failures };
}

/**
 * Whether the services' state is what the users did. No request was given up, so the tolerance is none.
 * @returns what is wrong; empty if all is well
 */
export function auditAirline(tally: Tally, { booking, customer, authFailures }: AirlineState): string[] {
  const complaints: string[] = [];
  if (tally.failed > 0) complaints.push(`${tally.failed} requests failed, the first: ${tally.firstFailure}`);
  const failures = booking.failures + authFailures;
  if (failures > 0) complaints.push(`${failures} calls between services failed`);
  const expected = tally.booked - tally.cancelled;
  if (booking.bookings !== expected) {
    complaints.push(`there are ${booking.bookings} bookings: ${tally.booked} booked less ${tally.cancelled} cancelled`);
  }
  complaints.push(...shortened(wrongSeats(booking)), ...shortened(wrongMiles(booking, customer)));
  return complaints;
}

function wrongSeats({ flights, seatsTaken }: BookingSummary): string[] {
  const complaints: string[] = [];
  for (const flight of new Set([...Object.keys(flights), ...Object.keys(seatsTaken)])) {
    const booked = flights[flight] ?? 0;
    const taken = seatsTaken[flight] ?? 0;
    if (booked > SEATS) complaints.push(`${flight} has ${SEATS} seats and ${booked} bookings`);
    if (booked !== taken) complaints.push(`${flight} has ${booked} bookings for ${taken} seats taken`);
  }
  return complaints;
}

function wrongMiles({ segments }: BookingSummary, { miles }: CustomerSummary): string[] {
  const milesOf = new Map(SEGMENTS.map((segment) => [segment.id, segment.miles]));
  const complaints: string[] = [];
  for (const user of new Set([...Object.keys(segments), ...Object.keys(miles)])) {
    let expected = MILES_AT_START;
    for (const [segment, count] of Object.entries(segments[user] ?? {}))
      expected += count * (milesOf.get(segment) ?? 0);
    const actual = miles[user] ?? MILES_AT_START;
    if (actual !== expected) complaints.push(`${user} has ${actual} miles, and ${expected} by the bookings`);
  }
  return complaints;
}

function shortened(complaints: string[]): string[] {
  if (complaints.length <= COMPLAINTS_SHOWN) return complaints;
  return [...complaints.slice(0, COMPLAINTS_SHOWN), `and ${complaints.length - COMPLAINTS_SHOWN} more of that kind`];
}
