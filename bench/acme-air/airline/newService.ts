import type { AirlineServices, ServiceName } from './AirlineServices.ts';
import { Auth } from './Auth.ts';
import { Bookings } from './Bookings.ts';
import { Customers } from './Customers.ts';
import { Flights } from './Flights.ts';
import type { Tokens } from './tokens.ts';

/** Every service, those that others ask first, and whom each one asks. */
export const SERVICES: { readonly [Name in ServiceName]: readonly ServiceName[] } = {
  customer: [],
  flight: [],
  auth: ['customer'],
  booking: ['flight', 'customer'],
};

export const SERVICE_NAMES: readonly ServiceName[] = Object.keys(SERVICES) as ServiceName[];

/**
 * @param today the first day with flights, as 2026-11-23
 * @param others whom this service asks, as `SERVICES` says
 */
export function newService<Name extends ServiceName>(
  name: Name,
  tokens: Tokens,
  today: string,
  others: Partial<AirlineServices>,
): AirlineServices[Name] {
  const makers: { [Name in ServiceName]: () => AirlineServices[Name] } = {
    customer: () => new Customers(tokens),
    flight: () => new Flights(tokens, today),
    auth: () => new Auth(tokens, given(others, 'customer')),
    booking: () => new Bookings(tokens, given(others, 'flight'), given(others, 'customer')),
  };
  return makers[name]();
}

/** All services in this thread, calling each other as functions. */
export function newAirline(tokens: Tokens, today: string): AirlineServices {
  const airline: Partial<Record<ServiceName, unknown>> = {};
  for (const name of SERVICE_NAMES) airline[name] = newService(name, tokens, today, airline as AirlineServices);
  return airline as unknown as AirlineServices;
}

function given<Name extends ServiceName>(others: Partial<AirlineServices>, name: Name): AirlineServices[Name] {
  const other = others[name];
  if (other === undefined) throw new Error(`the ${name} service is missing`);
  return other;
}
