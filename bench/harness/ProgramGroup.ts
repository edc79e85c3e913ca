import type { GroupSettings } from './Contender.ts';
import type { Measured } from './Measured.ts';

/** A group that measures in its own way rather than contenders in turns. It has to check the answers itself. */
export interface ProgramGroup extends GroupSettings {
  /** How long `measure` may take, in milliseconds. Default 180,000. */
  readonly timeoutMs?: number;
  /** @param isQuick whether a few seconds have to do */
  measure(isQuick: boolean): Promise<Measured>;
}
