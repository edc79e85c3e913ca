import type { AirlineServices, ServiceName } from '../airline/AirlineServices.ts';

export type Method = 'GET' | 'POST';

/** What each service can be asked, and how over HTTP: what only reads, and takes nothing but texts, is a GET. */
export const OPERATIONS: { readonly [Name in ServiceName]: Readonly<Record<keyof AirlineServices[Name], Method>> } = {
  auth: { login: 'POST', logout: 'POST', summary: 'GET' },
  customer: { validateId: 'POST', getById: 'GET', updateById: 'POST', updateTotalMiles: 'POST', summary: 'GET' },
  flight: { queryFlights: 'POST', getRewardMiles: 'GET' },
  booking: { bookFlights: 'POST', byUser: 'GET', cancel: 'POST', summary: 'GET' },
};

export type Call = (request: object, token: string) => Promise<unknown>;

/** A service's operations by their names. */
export function callsOf<Name extends ServiceName>(name: Name, service: AirlineServices[Name]): Map<string, Call> {
  const methods = service as unknown as Record<string, Call>;
  return new Map(
    Object.keys(OPERATIONS[name]).map((operation) => [
      operation,
      (request, token) => (methods[operation] as Call).call(service, request, token),
    ]),
  );
}

/** A service elsewhere. @param callOf makes the call of one operation */
export function remoteService<Name extends ServiceName>(
  name: Name,
  callOf: (operation: string, method: Method) => Call,
): AirlineServices[Name] {
  const calls = Object.entries<Method>(OPERATIONS[name]).map(([operation, method]) => [
    operation,
    callOf(operation, method),
  ]);
  return Object.fromEntries(calls) as AirlineServices[Name];
}
