import type { Group } from '../harness/Contender.ts';
import { loadRival } from '../loadRival.ts';
import { PostMessageOneWay } from './PostMessageOneWay.ts';
import { RingbufJsOneWay } from './RingbufJsOneWay.ts';
import { RingOneWay } from './RingOneWay.ts';
import type { RingbufJs } from './ringbufJs.ts';
import { loadRingLibrary } from './ringLibraries.ts';

/** One thread sends, the other reads, at three lengths. Few posted messages a batch where they are long: they queue. */
export const oneWayGroups: Group[] = [
  oneWay('64 B', 64, 15, 200_000, 20_000),
  oneWay('1 KiB', 1024, 15, 100_000, 10_000),
  oneWay('64 KiB', 65_536, 3, 5_000, 1_000),
];

function oneWay(label: string, length: number, goal: number, batch: number, postMessageBatch: number): Group {
  return {
    name: `ring/one-way ${label}`,
    unit: 'operations/s',
    ratios: [{ name: 'flysocket / postMessage', contender: 'flysocket', against: 'postMessage', goal }],
    allocationFree: ['flysocket'],
    async contenders() {
      const ringbufJs = loadRival<RingbufJs>('ringbuf.js');
      return [
        new RingOneWay('flysocket', length, batch, await loadRingLibrary()),
        new PostMessageOneWay(length, postMessageBatch),
        ...(ringbufJs === undefined ? [] : [new RingbufJsOneWay(length, batch, ringbufJs)]),
      ];
    },
  };
}
