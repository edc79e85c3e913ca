import type { PiscinaTask } from './PiscinaRequests.ts';

/** The task that piscina runs: answers with the data of the request. */
export default function answer({ data }: PiscinaTask): Uint8Array {
  return data;
}
