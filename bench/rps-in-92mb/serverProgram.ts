/**
 * node serverProgram.js KIND PORT
 *
 * An echo server of its kind in a process of its own; its port is its greeting. Asked, it says what it takes up.
 */
import { answerParent } from '../harness/processes/ChildProgram.ts';
import { serverKinds } from './serverKinds.ts';

const [kind, port] = process.argv.slice(2);
const start = await serverKinds[kind as string]?.();
if (start === undefined) throw new Error(`no such server: ${kind}`);

answerParent(await start(Number(port)), () => process.memoryUsage.rss());
