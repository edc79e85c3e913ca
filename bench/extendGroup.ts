import {
  FULL_PACE,
  type Group,
  type Measured,
  type Pace,
  type ProgramGroup,
  QUICK_PACE,
  type RunGroupOptions,
  runGroup,
} from './harness/index.ts';
import { ContenderHost } from './harness/processes/ContenderHost.ts';

/** What is measured here, and what more can be told of it. */
export interface ExtendedGroup extends Pick<ProgramGroup, 'name' | 'cost'> {
  /** The contenders to be measured in turns; made once for each measurement. */
  group(isQuick: boolean): Group;
  /** Given what came of them, before they are thrown away. Default: as it is. */
  readonly extend?: (measured: Measured) => Measured;
  /** Whether what contenders allocate is left to other groups, which take the time that it needs. Default false. */
  readonly timesOnly?: boolean;
  /** Instead of the usual one. */
  readonly pace?: (usual: Pace) => Pace;
}

const TIMEOUT_MS = 300_000;

/** Does not find out what its contenders allocate. */
class TimingHost extends ContenderHost {
  override async allocation(): ReturnType<ContenderHost['allocation']> {
    return undefined;
  }
}

/** A group that is measured as any other and then gets figures of its own: of its contenders, or against a goal. */
export function extendGroup({ name, cost, group, extend, timesOnly = false, pace }: ExtendedGroup): ProgramGroup {
  return {
    name,
    timeoutMs: TIMEOUT_MS,
    ...(cost === undefined ? {} : { cost }),
    async measure(isQuick) {
      const contenders = group(isQuick);
      const usual = isQuick ? QUICK_PACE : FULL_PACE;
      const options: RunGroupOptions = { pace: pace?.(usual) ?? usual };
      const start = async (): Promise<ContenderHost> => new TimingHost(contenders);
      const measured = await runGroup(contenders, timesOnly ? { ...options, start } : options);
      return extend?.(measured) ?? measured;
    },
  };
}
