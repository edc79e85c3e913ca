/** Hosts the memory group: nothing but its contenders is loaded. */
import { hostGroup } from '../harness/processes/hostGroup.ts';
import { memoryGroup } from './memory.ts';

await hostGroup(memoryGroup);
