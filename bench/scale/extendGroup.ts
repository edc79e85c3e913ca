import {
  FULL_PACE,
  type Group,
  type Measured,
  type Pace,
  type ProgramGroup,
  QUICK_PACE,
  runGroup,
} from '../harness/index.ts';

/** What is measured here, and what more can be told of it. */
export interface ExtendedGroup extends Pick<ProgramGroup, 'name' | 'cost'> {
  /** How long all of it may take, in milliseconds. */
  readonly timeoutMs?: number;
  /** The contenders to be measured in turns; made once for each measurement. */
  group(isQuick: boolean): Group;
  /** Given what came of them, before they are thrown away. */
  extend(measured: Measured, isQuick: boolean): Measured;
  /** Instead of the usual one. */
  readonly pace?: (usual: Pace) => Pace;
}

const TIMEOUT_MS = 300_000;

/** A group that is measured as any other and then gets figures of its own: of its contenders, or against a goal. */
export function extendGroup({ name, cost, timeoutMs, group, extend, pace }: ExtendedGroup): ProgramGroup {
  return {
    name,
    timeoutMs: timeoutMs ?? TIMEOUT_MS,
    ...(cost === undefined ? {} : { cost }),
    async measure(isQuick) {
      const usual = isQuick ? QUICK_PACE : FULL_PACE;
      return extend(await runGroup(group(isQuick), { pace: pace?.(usual) ?? usual }), isQuick);
    },
  };
}
