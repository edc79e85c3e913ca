/**
 * node serviceProgram.js KIND REQUESTS TTL
 *
 * One service in a process of its own, which grants leases of REQUESTS within TTL milliseconds if its kind does that.
 * Its port is its greeting; asked, it says the most that it has taken up since it was asked last, in bytes.
 */
import { answerParent } from '../harness/processes/ChildProgram.ts';
import { BusyService } from './BusyService.ts';
import { PeakMemory } from './PeakMemory.ts';
import { services } from './services.ts';

const [kind, requests, ttlMs] = process.argv.slice(2);
const start = services[kind as string];
if (start === undefined) throw new Error(`no such service: ${kind}`);
const port = await start(new BusyService(), { requests: Number(requests), ttlMs: Number(ttlMs) });
const memory = new PeakMemory();

answerParent(port, () => memory.take());
