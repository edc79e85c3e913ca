import type { ProgramGroup } from '../harness/ProgramGroup.ts';
import { loadRival } from '../loadRival.ts';
import { byCredit, byPush } from './feed/consumers.ts';
import { type FeedContender, measureSlowConsumer } from './measureSlowConsumer.ts';

const CREDITS = 'flysocket, credits';
const PUSHED = 'ws, pushed';

export function feedContenders(): FeedContender[] {
  const skipped = loadRival('ws') === undefined ? 'not installed' : undefined;
  return [
    { name: CREDITS, feed: 'credits', consume: byCredit },
    { name: PUSHED, feed: 'pushed', consume: byPush, skipped },
  ];
}

/** One slow consumer among many, of one feed. Without credits the feed keeps for him what he has not taken. */
export const slowConsumerGroup: ProgramGroup = {
  name: 'tail/one slow consumer of eight',
  measure: (isQuick) =>
    measureSlowConsumer({
      group: slowConsumerGroup.name,
      contenders: feedContenders(),
      consumers: 8,
      warmUpMs: isQuick ? 50 : 500,
      feedMs: isQuick ? 200 : 5_000,
      compared: { credits: CREDITS, pushed: PUSHED },
    }),
};
