/** Posts the items that it is asked for, as many as it is told that there is room for. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { jobsByMessage } from '../harness/threads/jobsByMessage.ts';
import type { PortOrder } from './PortItems.ts';
import { ITEM_LENGTH, numbered } from './poolTask.ts';

const port = parentPort as MessagePort;
let next = 0;
let count = 0;
let room = 0;

jobsByMessage(port, workerData.jobs);
port.on('message', (order: PortOrder | string | null) => {
  if (order === null || typeof order === 'string') return;
  if (order.items !== undefined) {
    next = 0;
    count = order.items;
    room = 0;
  }
  room += order.more;
  for (; room > 0 && next < count; room--) port.postMessage(numbered(new Uint8Array(ITEM_LENGTH), next++));
});
