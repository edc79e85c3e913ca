/** The users, in a process of their own: the same program for all ways, each of which is a matter of `openWay`. */
import { randomBytes } from 'node:crypto';
import { answerParent } from '../harness/index.ts';
import { defaultTokenLibrary, loadTokens, type TokenLibrary } from './airline/tokens.ts';
import { auditAirline, stateOf } from './users/auditAirline.ts';
import { runStep, type StepFigures, type StepOrder } from './users/runStep.ts';
import { Tally } from './users/Tally.ts';
import { openWay } from './ways/openWay.ts';
import type { AirlineOptions, Way, WaySpec } from './ways/Way.ts';

export interface DriverOrder {
  readonly way: WaySpec;
  readonly tokenLibrary?: TokenLibrary;
}

export type DriverQuestion =
  | { readonly about: 'opening'; readonly order: DriverOrder }
  | { readonly about: 'a step'; readonly order: StepOrder }
  | { readonly about: 'the audit' };

const SECRET_BYTES = 32;

const tally = new Tally();
const today = new Date().toISOString().slice(0, '2026-11-23'.length);
let options: AirlineOptions | undefined;
let way: Way | undefined;

async function open(order: DriverOrder): Promise<void> {
  const secret = randomBytes(SECRET_BYTES).toString('base64url');
  options = { today, tokenLibrary: order.tokenLibrary ?? defaultTokenLibrary(), secret };
  way = await openWay(order.way, options);
  // A step that is under way hears of it.
  way.failed.catch(() => {});
}

async function step(order: StepOrder): Promise<StepFigures> {
  const { airline, failed, cpuMicros } = opened();
  return Promise.race([failed, runStep(airline, today, order, tally, cpuMicros)]);
}

/** @returns what is wrong */
async function audit(): Promise<string[]> {
  const { airline, failed } = opened();
  const { tokenLibrary, secret } = options as AirlineOptions;
  const state = await Promise.race([failed, stateOf(airline, await loadTokens(tokenLibrary, secret))]);
  return auditAirline(tally, state);
}

function opened(): Way {
  if (way === undefined) throw new Error('no airline has been opened');
  return way;
}

answerParent(undefined, (asked) => {
  const question = asked as DriverQuestion;
  if (question.about === 'opening') return open(question.order);
  return question.about === 'a step' ? step(question.order) : audit();
});
