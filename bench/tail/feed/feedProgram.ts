/**
 * node feedProgram.js KIND
 *
 * A feed in a process of its own. Its port is its greeting; asked, it says the most that it has taken up since it was
 * asked last, in bytes.
 */
import { answerParent } from '../../harness/processes/ChildProgram.ts';
import { PeakMemory } from '../PeakMemory.ts';
import { feeds } from './feeds.ts';

const kind = process.argv[2] as string;
const start = feeds[kind];
if (start === undefined) throw new Error(`no such feed: ${kind}`);
const port = await start();
const memory = new PeakMemory();

answerParent(port, () => memory.take());
