/**
 * The airline's four services. They are plain asynchronous functions over plain data, so that they can be called in
 * one process or across any wire: a request, and the token of who asks. What is refused rejects with a ServiceError.
 */

/** Every operation but `login` and `validateId` checks the token, and that its subject is the user asked for. */
export type Operation<Request, Answer> = (request: Request, token: string) => Promise<Answer>;

export interface AuthService {
  /** Asks the customer service whether they belong together. */
  login: Operation<Credentials, { token: string }>;
  logout: Operation<OfUser, Nothing>;
  summary: Operation<Nothing, AuthSummary>;
}

export interface CustomerService {
  /** For `login`, before there is a token. */
  validateId: Operation<Credentials, { valid: boolean }>;
  getById: Operation<OfUser, Customer>;
  updateById: Operation<OfUser & Profile, Customer>;
  updateTotalMiles: Operation<OfUser & { miles: number }, { totalMiles: number }>;
  summary: Operation<Nothing, CustomerSummary>;
}

export interface FlightService {
  queryFlights: Operation<FlightQuery, FlightsFound>;
  getRewardMiles: Operation<{ segment: string }, { miles: number }>;
}

export interface BookingService {
  /** For each flight: the flight service says how many miles, the customer service credits them. */
  bookFlights: Operation<BookingRequest, { numbers: string[] }>;
  byUser: Operation<OfUser, { bookings: Booking[] }>;
  /** As `bookFlights`, and the miles are taken back. */
  cancel: Operation<OfUser & { number: string }, Nothing>;
  summary: Operation<Nothing, BookingSummary>;
}

/** All of them, as a client sees them. */
export interface AirlineServices {
  readonly auth: AuthService;
  readonly customer: CustomerService;
  readonly flight: FlightService;
  readonly booking: BookingService;
}

export type ServiceName = keyof AirlineServices;

export type Nothing = Record<string, never>;

export interface OfUser {
  readonly user: string;
}

export interface Credentials extends OfUser {
  readonly password: string;
}

/** What customers may change of themselves. */
export interface Profile {
  readonly address: Address;
  readonly phoneNumber: string;
  readonly phoneNumberType: string;
}

export interface Address {
  readonly streetAddress1: string;
  readonly city: string;
  readonly stateProvince: string;
  readonly country: string;
  readonly postalCode: string;
}

export interface Customer extends Profile, OfUser {
  readonly status: string;
  readonly totalMiles: number;
  readonly milesThisYear: number;
}

export interface Segment {
  readonly id: string;
  readonly origin: string;
  readonly destination: string;
  readonly miles: number;
}

export interface Flight {
  readonly id: string;
  readonly segment: Segment;
  /** ISO 8601, UTC. */
  readonly departure: string;
  readonly arrival: string;
  readonly firstClassCost: number;
  readonly economyCost: number;
  readonly firstClassSeats: number;
  readonly economySeats: number;
  readonly airplane: string;
}

export interface FlightQuery {
  readonly from: string;
  readonly to: string;
  /** As 2026-11-23. */
  readonly fromDate: string;
  readonly returnDate: string;
  readonly oneWay: boolean;
}

export interface FlightsFound {
  readonly outbound: Flight[];
  /** Empty if the query was one way. */
  readonly return: Flight[];
}

export interface BookingRequest extends OfUser {
  readonly toFlight: string;
  readonly toSegment: string;
  /** Both empty if it is one way. */
  readonly returnFlight: string;
  readonly returnSegment: string;
  readonly oneWay: boolean;
}

export interface Booking extends OfUser {
  readonly number: string;
  readonly flight: string;
  readonly segment: string;
  readonly bookedAt: string;
}

/** The summaries are for the audit; only `AUDITOR` may ask. */
export interface AuthSummary {
  /** Calls of other services that failed. */
  readonly failures: number;
}

export interface CustomerSummary {
  /** Total miles of the customers who no longer have what they began with. */
  readonly miles: Readonly<Record<string, number>>;
}

export interface BookingSummary {
  readonly failures: number;
  readonly bookings: number;
  /** What the bookings say: by user, by segment, how many. */
  readonly segments: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** What the bookings say: by flight, how many. */
  readonly flights: Readonly<Record<string, number>>;
  /** Seats that count as taken, by flight. */
  readonly seatsTaken: Readonly<Record<string, number>>;
}

/** Subject of the token that may ask for summaries. */
export const AUDITOR = 'auditor';
