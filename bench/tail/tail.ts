import type { ProgramGroup } from '../harness/ProgramGroup.ts';
import { overloadGroup } from './overload.ts';
import { slowConsumerGroup } from './slowConsumer.ts';

/** What credits and leases are for: a service that is asked for more than it can do, and a consumer that is slow. */
export const tailGroups: ProgramGroup[] = [overloadGroup, slowConsumerGroup];
