import type { Measured, RatioRow, ResultRow } from '../Measured.ts';
import type { MemoryGroup } from '../MemoryGroup.ts';
import type { Pace } from './Pace.ts';
import { resultRow } from './resultRow.ts';
import type { Seats } from './Seats.ts';

/** How often a process is looked at, and the look that the last one is compared with. */
const LOOKS = 10;
const SETTLED_LOOK = 2;
const QUICK_FRACTION = 0.1;
const MEGABYTE = 1e6;

/** Lets each contender work alone in its process and looks at what that takes up. */
export async function memoryGroup(group: MemoryGroup, pace: Pace, seats: Seats): Promise<Measured> {
  const { name: groupName, memoryAfter, memoryAfterQuick = memoryAfter * QUICK_FRACTION } = group;
  const operations = pace.isQuick ? memoryAfterQuick : memoryAfter;
  const results: ResultRow[] = [];
  const ratios: RatioRow[] = [];
  for (const seat of [...seats.all]) {
    const { name } = seat;
    await seats.prepare(seat, ({ host, contender }) => host.operate(contender, 1));
    const megabytes: number[] = [];
    for (let look = 0; look < LOOKS; look++) {
      const rssBytes = await seats.attempt(seat, 'working', ({ host, contender }) =>
        host.operate(contender, Math.ceil(operations / LOOKS)),
      );
      if (rssBytes === undefined) break;
      megabytes.push(rssBytes / MEGABYTE);
    }
    await seats.verify(seat);
    if (!seats.all.includes(seat)) continue;
    const value = megabytes.at(-1) as number;
    results.push({
      ...resultRow(groupName, name, `MB RSS after ${operations} operations`, megabytes),
      median: value,
    });
    const goal = group.mostMegabytes?.[name];
    const growth = { name: `${groupName}: ${name}, growth`, value: value / (megabytes[SETTLED_LOOK] as number) };
    ratios.push(
      ...(goal === undefined
        ? []
        : [{ name: `${groupName}: ${name}, MB RSS`, unit: 'MB', value, goal, lowerIsBetter: true }]),
      { ...growth, lowerIsBetter: true, ...(group.mostGrowth === undefined ? {} : { goal: group.mostGrowth }) },
    );
  }
  return { results, ratios };
}
