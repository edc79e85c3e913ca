import { once } from 'node:events';
import { type MessagePort, Worker } from 'node:worker_threads';
import type { Payload, PayloadLike } from 'flysocket/core';
import { processCounters } from 'flysocket/counters';
import type { RSocketError } from 'flysocket/flyweight';
import {
  invitationsTo,
  type LinkInvitation,
  openLink,
  type ShmLink,
  type WorkerLink,
  WorkerPeer,
  type WorkerPeerOptions,
} from 'flysocket/shm-transport';
import type { RecordingHandler } from '../tck/RecordingHandler.ts';

/** Bytes of a ring that a payload of a megabyte has to go round many times. */
export const SMALL_RING = 4_096;

/** Begins what the echoing worker's parent is sent for each message that came by fire-and-forget. */
export const FORGOTTEN = 'forgotten: ';
/** What the parent is sent when the worker stops reading, after `ask`. */
export const HOLDING = 'holding';

/** Both ends of a link in this one thread: they share its drain loop. */
export function linkPair(ringCapacity: number = SMALL_RING, name = 'pair'): Promise<[ShmLink, ShmLink]> {
  const [left, right] = invitationsTo(name, ringCapacity, processCounters().memory);
  return Promise.all([openLink(left), openLink(right)]);
}

/** The memory of ring 0, which side 0 writes and side 1 reads, and both ends of its link. */
export async function linkOver(ringCapacity: number): Promise<{ ring0: Int32Array; left: ShmLink; right: ShmLink }> {
  const [toLeft, toRight] = invitationsTo('scribbled', ringCapacity, processCounters().memory);
  const [left, right] = await Promise.all([openLink(toLeft), openLink(toRight)]);
  return { ring0: new Int32Array(toLeft.rings[0]), left, right };
}

/** As `linkPair`, with a peer on each end. */
export function peerPair(
  left: WorkerPeerOptions,
  right: WorkerPeerOptions,
  ringCapacity: number = SMALL_RING,
): Promise<[WorkerPeer, WorkerPeer]> {
  const [toLeft, toRight] = invitationsTo('peers', ringCapacity, processCounters().memory);
  return Promise.all([WorkerPeer.open(toLeft, left), WorkerPeer.open(toRight, right)]);
}

/** Hands an invitation to a worker, as `connectWorker` does. */
export function invite(worker: Worker, invitation: LinkInvitation): void {
  worker.postMessage(invitation, [invitation.port as MessagePort]);
}

/** Runs `use` with a worker, and stops the worker whatever happens. */
export async function withWorker<T>(
  program: URL,
  workerData: unknown,
  use: (worker: Worker) => Promise<T>,
): Promise<T> {
  const worker = new Worker(program, { workerData });
  try {
    return await use(worker);
  } finally {
    await worker.terminate();
  }
}

/** The worker's exit code; fails if it has to be waited for too long. */
export async function exitOf(worker: Worker, withinMs = 5_000): Promise<number> {
  const [code] = await once(worker, 'exit', { signal: AbortSignal.timeout(withinMs) });
  return code;
}

/** The error that a promise rejects with. */
export async function errorOf(promise: Promise<unknown>): Promise<RSocketError> {
  try {
    await promise;
  } catch (error) {
    return error as RSocketError;
  }
  throw new Error('it did not fail');
}

/** The frames that `handler` got, as text. */
export function framesOf(handler: RecordingHandler): string[] {
  return handler.frames.map((frame) => Buffer.from(frame).toString());
}

/** Sends `text` as a frame. @returns the result of `tryClaim` */
export function sendFrame(link: WorkerLink, text: string, alignment = 0): number {
  const bytes = Buffer.from(text);
  const index = link.tryClaim(bytes.length, alignment);
  if (index < 0) return index;
  link.buffer.putBytes(index, bytes, 0, bytes.length);
  link.commit(index);
  return index;
}

export async function textsOf(payloads: AsyncIterable<Payload>): Promise<string[]> {
  const texts: string[] = [];
  for await (const payload of payloads) texts.push(payload.dataUtf8());
  return texts;
}

/** A payload of many bytes, no two neighbours of which are alike. */
export function largePayload(length: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0, byte = seed; i < length; i++, byte += 7 + (i >>> 12)) bytes[i] = byte;
  return bytes;
}

export async function* itemsUpTo(count: number): AsyncGenerator<PayloadLike> {
  for (let i = 0; i < count; i++) yield String(i);
}
