import { alpha3 } from './alpha3.ts';
import { flysocket } from './flysocket.ts';
import { generation0 } from './generation0.ts';
import type { Implementation, Link } from './Implementation.ts';

export const RIVALS: readonly Implementation[] = [alpha3, generation0];
export const LINKS: readonly Link[] = ['tcp', 'ws'];

/** A client and a server of which one is ours. */
export interface Pair {
  readonly client: Implementation;
  readonly server: Implementation;
  readonly rival: Implementation;
}

/** Each rival as client of ours, and as server of ours. */
export const PAIRS: readonly Pair[] = RIVALS.flatMap((rival) => [
  { client: rival, server: flysocket, rival },
  { client: flysocket, server: rival, rival },
]);
