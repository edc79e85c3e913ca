import { LEAST_ROUNDS } from './Pace.ts';
import type { Seat, Seats } from './Seats.ts';

export interface TurnsOptions {
  readonly rounds: number;
  /** After so long no further round is begun. */
  readonly budgetMs: number;
}

/**
 * Lets contenders take turns: in every round each of them runs once, and each round begins with the next one, so that
 * whatever else the machine does meets them alike.
 * @returns what each one that is left did, round by round: of all the same number of rounds
 */
export async function takeTurns<T>(
  seats: Seats,
  { rounds, budgetMs }: TurnsOptions,
  run: (seat: Seat) => Promise<T>,
): Promise<Map<Seat, T[]>> {
  const order = [...seats.all];
  const done = new Map<Seat, T[]>(order.map((seat) => [seat, []]));
  const start = performance.now();
  for (let round = 0; round < rounds; round++) {
    if (round >= LEAST_ROUNDS && performance.now() - start > budgetMs) break;
    for (let turn = 0; turn < order.length; turn++) {
      const seat = order[(round + turn) % order.length] as Seat;
      const result = await seats.attempt(seat, `running round ${round + 1}`, run);
      if (result !== undefined) done.get(seat)?.push(result);
    }
  }
  for (const seat of order) if (!seats.all.includes(seat)) done.delete(seat);
  return done;
}
