/**
 * node serverProgram.js KIND
 *
 * Starts a server on a free port of 127.0.0.1 and tells its parent. It answers each request-response with the request's
 * data, a request-stream with as many of its data as are granted, and a request-stream of empty data never. When asked
 * it says how much memory it takes up.
 */
import { answerParent } from '../harness/processes/ChildProgram.ts';
import type { ServerState } from './NetworkServer.ts';
import { type RunningServer, servers } from './servers.ts';

const kind = process.argv[2] as string;
const start = servers[kind];
if (start === undefined) throw new Error(`no such server: ${kind}`);
const server: RunningServer = await start();

answerParent(server.port, (): ServerState => {
  globalThis.gc?.();
  return { rssBytes: process.memoryUsage.rss(), openStreams: server.openStreams() };
});
