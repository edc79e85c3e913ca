/** A worker with servers of its own, that asks its parent when it is told to, and is linked with it otherwise, too. */
import { parentPort } from 'node:worker_threads';
import { ShmClientTransport, ShmServerTransport } from 'flysocket/compat/rsocket-core';
import { acceptParent } from 'flysocket/shm-transport';
import { askText, bindAlpha, type Connected, connectAlpha } from './alphaKit.ts';

const bound = await bindAlpha(new ShmServerTransport({ maxConnections: 64 }));
await bindAlpha(new ShmServerTransport({ service: 'other' }), {
  requestResponse: (_, stream) => {
    stream.onNext({ data: Buffer.from('the other one') }, true);
    return { cancel: () => {}, onExtension: () => {} };
  },
});
acceptParent({ handler: { requestResponse: (request) => `linked: ${request.dataUtf8()}` } });

const asked: Connected[] = [];

parentPort?.on('message', async (command: { readonly command?: string; readonly connections?: number }) => {
  if (command.command === 'ask') {
    const { connections = 1 } = command;
    const ends = await Promise.all(Array.from({ length: connections }, () => connectAlpha(new ShmClientTransport())));
    const answers = await Promise.all(ends.map((end, i) => askText(end, `worker ${i}`)));
    asked.push(...ends);
    parentPort?.postMessage({ answers });
  }
  if (command.command === 'hang up') for (const { rsocket } of asked.splice(0)) rsocket.close();
  if (command.command === 'close') {
    bound.close();
    parentPort?.postMessage('closed');
  }
});
parentPort?.postMessage('ready');
