/**
 * node clientProgram.js KIND PORT
 *
 * A client of its kind in a process of its own, which asks the server at that port when it is told to.
 */
import { answerParent } from '../harness/processes/ChildProgram.ts';
import { AskedRequests } from './AskedRequests.ts';
import { clientKinds } from './clientKinds.ts';

export type ClientOrder =
  | { readonly order: 'ask'; readonly inFlight: number; readonly requests: number }
  | { readonly order: 'round'; readonly inFlight: number; readonly milliseconds: number };

/** What a round comes to. */
export interface ClientRound {
  readonly perSecond: number;
  /** Of this process, right after the round. */
  readonly rssBytes: number;
}

const [kind, port] = process.argv.slice(2);
const open = await clientKinds[kind as string]?.();
if (open === undefined) throw new Error(`no such client: ${kind}`);
const asker = await open(Number(port));
const requests = new Map<number, AskedRequests>();

function keeping(inFlight: number): AskedRequests {
  const made = requests.get(inFlight) ?? new AskedRequests(kind as string, inFlight, asker);
  requests.set(inFlight, made);
  return made;
}

answerParent(undefined, async (question): Promise<ClientRound | undefined> => {
  const order = question as ClientOrder;
  const contender = keeping(order.inFlight);
  if (order.order === 'ask') return contender.run(order.requests);
  const perSecond = await contender.perSecond(order.milliseconds);
  return { perSecond, rssBytes: process.memoryUsage.rss() };
});
