import type { Contender, GroupSettings, SkippedContender } from './Contender.ts';

/** What each contender's process takes up while it does so many operations, and whether that grows. */
export interface MemoryGroup extends GroupSettings {
  /** Each contender does so many, alone in a process of its own, which is looked at after each tenth of them. */
  readonly memoryAfter: number;
  /** Likewise in a quick run. Default: a tenth of `memoryAfter`. */
  readonly memoryAfterQuick?: number;
  /** The most that a contender's process may take up in the end, by its name, in MB (millions of bytes) of RSS. */
  readonly mostMegabytes?: Readonly<Record<string, number>>;
  /** What it may take up in the end, as a multiple of what it did after three tenths. Default: that is only told. */
  readonly mostGrowth?: number;
  /** Makes the contenders, which take nothing up before they are opened. What can't be measured here says why. */
  contenders(): (Contender | SkippedContender)[] | Promise<(Contender | SkippedContender)[]>;
}
