import type { Group } from './Contender.ts';
import type { LoadGroup } from './LoadGroup.ts';
import type { MemoryGroup } from './MemoryGroup.ts';
import type { ProgramGroup } from './ProgramGroup.ts';

/** Every kind of group that can be run. */
export type AnyGroup = Group | LoadGroup | MemoryGroup | ProgramGroup;
