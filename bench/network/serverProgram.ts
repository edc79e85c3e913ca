/**
 * node serverProgram.js KIND
 *
 * Starts a server on a free port of 127.0.0.1 and prints that. It answers each request-response with the request's
 * data, a request-stream with as many of its data as are granted, and a request-stream of empty data never. Each line
 * of its standard input is answered with its state, as JSON.
 */
import { createInterface } from 'node:readline';
import { type RunningServer, servers } from './servers.ts';

const kind = process.argv[2] as string;
const start = servers[kind];
if (start === undefined) throw new Error(`no such server: ${kind}`);
const server: RunningServer = await start();
console.log(server.port);

for await (const _ of createInterface({ input: process.stdin })) {
  globalThis.gc?.();
  console.log(JSON.stringify({ rssBytes: process.memoryUsage.rss(), openStreams: server.openStreams() }));
}
process.exit();
