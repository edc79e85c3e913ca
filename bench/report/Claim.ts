import type { Figure } from './figures/Figure.ts';

/** What is said, and what shows whether it holds. */
export interface Claim {
  /** Unique; what `npm run bench -- --only` takes. */
  readonly id: string;
  readonly title: string;
  /** What is claimed, and by whom. */
  readonly said: string;
  /** What was measured. */
  readonly measured: string;
  /** Names of groups, or how these begin. */
  readonly groups: readonly string[];
  readonly figures: readonly Figure[];
  /** What is to be said against it, and why a goal is missed. */
  readonly caveats: readonly string[];
}
