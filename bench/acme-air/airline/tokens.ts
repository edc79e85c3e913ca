/** Signed tokens (JWT, HS256) by a library; who asks is their subject. */
import { importRival, isInstalled } from '../../loadRival.ts';
import { FORBIDDEN, ServiceError } from './ServiceError.ts';

export interface Tokens {
  sign(subject: string): string | Promise<string>;
  /** @returns the subject; throws or rejects if the signature or the time does not fit */
  subjectOf(token: string): string | Promise<string>;
}

export type TokenLibrary = 'fast-jwt' | 'jose';

const LIFETIME_S = 3_600;
const ALGORITHM = 'HS256';

/**
 * fast-jwt signs and verifies in 5 to 7 us, by node:crypto and at once; jose takes 20 to 30 us, by WebCrypto and its
 * threads (measured). jose stands in where fast-jwt isn't installed.
 */
export function defaultTokenLibrary(): TokenLibrary {
  return isInstalled('fast-jwt') ? 'fast-jwt' : 'jose';
}

export function loadTokens(library: TokenLibrary, secret: string): Promise<Tokens> {
  return library === 'jose' ? joseTokens(secret) : fastTokens(secret);
}

/** @throws ServiceError (as rejection) FORBIDDEN unless `token` is valid, and of `user` if one is given */
export async function checkToken(tokens: Tokens, token: string, user?: string): Promise<void> {
  let subject: string;
  try {
    subject = await tokens.subjectOf(token);
  } catch {
    throw new ServiceError(FORBIDDEN, 'no valid token');
  }
  if (user !== undefined && subject !== user) throw new ServiceError(FORBIDDEN, `the token is not that of ${user}`);
}

interface FastJwt {
  createSigner(options: object): (payload: object) => string;
  createVerifier(options: object): (token: string) => { sub?: string };
}

async function fastTokens(secret: string): Promise<Tokens> {
  const { createSigner, createVerifier } = await importRival<FastJwt>('fast-jwt');
  const sign = createSigner({ key: secret, algorithm: ALGORITHM, expiresIn: LIFETIME_S * 1_000 });
  // Its cache of tokens that were valid is off, as it is by default.
  const verify = createVerifier({ key: secret, algorithms: [ALGORITHM] });
  return { sign: (sub) => sign({ sub }), subjectOf: (token) => verify(token).sub ?? '' };
}

interface Jose {
  SignJWT: new (
    payload: object,
  ) => {
    setSubject(subject: string): InstanceType<Jose['SignJWT']>;
    setProtectedHeader(header: object): InstanceType<Jose['SignJWT']>;
    setExpirationTime(seconds: number): InstanceType<Jose['SignJWT']>;
    sign(key: CryptoKey): Promise<string>;
  };
  jwtVerify(token: string, key: CryptoKey): Promise<{ payload: { sub?: string } }>;
}

type CryptoKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

async function joseTokens(secret: string): Promise<Tokens> {
  const { SignJWT, jwtVerify } = await importRival<Jose>('jose');
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', new TextEncoder().encode(secret), algorithm, false, [
    'sign',
    'verify',
  ]);
  return {
    sign: (subject) =>
      new SignJWT({})
        .setSubject(subject)
        .setProtectedHeader({ alg: ALGORITHM })
        .setExpirationTime(Math.floor(Date.now() / 1_000) + LIFETIME_S)
        .sign(key),
    subjectOf: async (token) => (await jwtVerify(token, key)).payload.sub ?? '',
  };
}
