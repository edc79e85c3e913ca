import type { AuthService, AuthSummary, Credentials, CustomerService, Nothing, OfUser } from './AirlineServices.ts';
import { AUDITOR } from './AirlineServices.ts';
import { ServiceError, UNAUTHORIZED } from './ServiceError.ts';
import { checkToken, type Tokens } from './tokens.ts';

/** Gives out tokens. */
export class Auth implements AuthService {
  readonly #tokens: Tokens;
  readonly #customer: Pick<CustomerService, 'validateId'>;
  #failures = 0;

  constructor(tokens: Tokens, customer: Pick<CustomerService, 'validateId'>) {
    this.#tokens = tokens;
    this.#customer = customer;
  }

  async login({ user, password }: Credentials): Promise<{ token: string }> {
    const { valid } = await this.#customer.validateId({ user, password }, '').catch((error: unknown) => {
      this.#failures++;
      throw error;
    });
    if (!valid) throw new ServiceError(UNAUTHORIZED, 'user and password do not belong together');
    return { token: await this.#tokens.sign(user) };
  }

  async logout({ user }: OfUser, token: string): Promise<Nothing> {
    await checkToken(this.#tokens, token, user);
    return {};
  }

  async summary(_: Nothing, token: string): Promise<AuthSummary> {
    await checkToken(this.#tokens, token, AUDITOR);
    return { failures: this.#failures };
  }
}
