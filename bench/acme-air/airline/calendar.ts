const DAY_MS = 86_400_000;

/** Days on which there are flights: today, and as far as return flights are asked for. */
export const FLIGHT_DAYS = 13;

/** @returns the date after so many days, both as 2026-11-23 */
export function daysAfter(date: string, days: number): string {
  return new Date(Date.parse(date) + days * DAY_MS).toISOString().slice(0, date.length);
}

/** The dates on which there are flights. */
export function flightDates(today: string): string[] {
  return Array.from({ length: FLIGHT_DAYS }, (_, day) => daysAfter(today, day));
}
