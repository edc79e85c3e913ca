import type { AllocationEffort } from '../allocation/bytesPerOperation.ts';

/** How much is done to measure a group. */
export interface Pace {
  /** In each of which every contender runs once. */
  readonly rounds: number;
  /** How long a contender runs in one round, in milliseconds. */
  readonly roundMs: number;
  /** How long a contender is put under load in one round, in milliseconds. */
  readonly loadMs: number;
  /** How long it runs before the first round, in milliseconds. */
  readonly warmupMs: number;
  /** What the rounds of a group may take together, in milliseconds, times its cost: there are fewer then. */
  readonly budgetMs: number;
  readonly allocation: AllocationEffort;
  /** Whether batches are cut to what fits into a round, and patience is left aside. */
  readonly isQuick: boolean;
}

/** For figures that are to be believed: about twenty seconds for a group. */
export const FULL_PACE: Pace = {
  rounds: 9,
  roundMs: 250,
  loadMs: 1_000,
  warmupMs: 500,
  budgetMs: 40_000,
  allocation: { windows: 9, counts: 'median', windowMs: 200, steadyWindows: 5, steadyWindowMs: 2_000 },
  isQuick: false,
};

/** To see that everything runs, and about where it stands: a second or two for a group. */
export const QUICK_PACE: Pace = {
  rounds: 3,
  roundMs: 25,
  loadMs: 100,
  warmupMs: 30,
  budgetMs: 400,
  allocation: { windows: 3, counts: 'least', windowMs: 20, steadyWindows: 1, steadyWindowMs: 2_000 },
  isQuick: true,
};

/** Fewer than so many rounds have no median worth the name, whatever the budget. */
export const LEAST_ROUNDS = 2;
