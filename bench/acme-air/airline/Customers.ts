import {
  AUDITOR,
  type Credentials,
  type Customer,
  type CustomerService,
  type CustomerSummary,
  type Nothing,
  type OfUser,
  type Profile,
} from './AirlineServices.ts';
import { NOT_FOUND, ServiceError } from './ServiceError.ts';
import { checkToken, type Tokens } from './tokens.ts';

export const CUSTOMERS = 10_000;
export const PASSWORD = 'password';
export const MILES_AT_START = 1_000_000;
const MILES_THIS_YEAR = 1_000;

export function userName(index: number): string {
  return `uid${index}@email.com`;
}

type Changeable<T> = { -readonly [K in keyof T]: T[K] };

/** Who flies, and how far they have flown. */
export class Customers implements CustomerService {
  readonly #tokens: Tokens;
  readonly #customers: Map<string, Changeable<Customer>> = new Map();

  constructor(tokens: Tokens) {
    this.#tokens = tokens;
    for (let index = 0; index < CUSTOMERS; index++) {
      const user = userName(index);
      this.#customers.set(user, newCustomer(user));
    }
  }

  async validateId({ user, password }: Credentials): Promise<{ valid: boolean }> {
    return { valid: this.#customers.has(user) && password === PASSWORD };
  }

  async getById({ user }: OfUser, token: string): Promise<Customer> {
    await checkToken(this.#tokens, token, user);
    return this.#customer(user);
  }

  async updateById(request: OfUser & Profile, token: string): Promise<Customer> {
    await checkToken(this.#tokens, token, request.user);
    const customer = this.#customer(request.user);
    customer.address = request.address;
    customer.phoneNumber = request.phoneNumber;
    customer.phoneNumberType = request.phoneNumberType;
    return customer;
  }

  async updateTotalMiles({ user, miles }: OfUser & { miles: number }, token: string): Promise<{ totalMiles: number }> {
    await checkToken(this.#tokens, token, user);
    const customer = this.#customer(user);
    customer.totalMiles += miles;
    customer.milesThisYear += miles;
    return { totalMiles: customer.totalMiles };
  }

  async summary(_: Nothing, token: string): Promise<CustomerSummary> {
    await checkToken(this.#tokens, token, AUDITOR);
    const miles: Record<string, number> = {};
    for (const { user, totalMiles } of this.#customers.values()) {
      if (totalMiles !== MILES_AT_START) miles[user] = totalMiles;
    }
    return { miles };
  }

  #customer(user: string): Changeable<Customer> {
    const customer = this.#customers.get(user);
    if (customer === undefined) throw new ServiceError(NOT_FOUND, `no customer ${user}`);
    return customer;
  }
}

function newCustomer(user: string): Changeable<Customer> {
  return {
    user,
    status: 'GOLD',
    totalMiles: MILES_AT_START,
    milesThisYear: MILES_THIS_YEAR,
    address: {
      streetAddress1: '1 Runway Road',
      city: 'Springfield',
      stateProvince: 'IL',
      country: 'USA',
      postalCode: '62701',
    },
    phoneNumber: '217-555-0100',
    phoneNumberType: 'BUSINESS',
  };
}
