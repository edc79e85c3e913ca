/** Messages between threads: over shared memory, by rings, and where there is none, over a port. */

export { type AcceptParentOptions, acceptParent } from './acceptParent.ts';
export { RING_ATTACH_TIMEOUT_MS } from './attachRing.ts';
export {
  BackoffIdleStrategy,
  DEFAULT_MAX_PARK_PERIOD_MICROS,
  DEFAULT_MAX_PAUSES,
  DEFAULT_MAX_SPINS,
  DEFAULT_MIN_PARK_PERIOD_MICROS,
} from './BackoffIdleStrategy.ts';
export { BusySpinIdleStrategy } from './BusySpinIdleStrategy.ts';
export { ControlledAction } from './ControlledAction.ts';
export { checkIsolation, ISOLATION_CHECK_TIMEOUT_MS, type Isolation } from './checkIsolation.ts';
export type { LinkChoice, LinkTransport } from './chooseTransport.ts';
export { type ConnectWorkerOptions, connectWorker } from './connectWorker.ts';
export { countedPoolOfThisThread } from './countedPoolOfThisThread.ts';
export { type CountersCopy, DrainLoop, type DrainLoopOptions, type DrainSource } from './DrainLoop.ts';
export {
  CLAIM_TIMEOUT_MS,
  DRAIN_LOST,
  DRAIN_TIMEOUT_MS,
  DrainQueue,
  type DrainQueueOptions,
} from './DrainQueue.ts';
export { MAX_CLAIM_ATTEMPTS } from './EntryTable.ts';
export type { IdleStrategy } from './IdleStrategy.ts';
export { INTRODUCTION_TIMEOUT_MS, type IntroduceOptions, introduce } from './introduce.ts';
export { invitationsTo, MIN_RING_CAPACITY, RING_CAPACITY } from './invitationsTo.ts';
export { LINK_VERSION, type LinkInvitation, type PortInvitation, type RingInvitation } from './LinkInvitation.ts';
export { LinkNotes, type NoteListener } from './LinkNotes.ts';
export type { ControlledMessageHandler, MessageHandler } from './MessageHandler.ts';
export { NoOpIdleStrategy } from './NoOpIdleStrategy.ts';
export { INSUFFICIENT_CAPACITY, OneToOneRingBuffer } from './OneToOneRingBuffer.ts';
export { HANDSHAKE_TIMEOUT_MS, type OpenLinkOptions, openLink } from './openLink.ts';
export { MAX_BATCHES_IN_FLIGHT } from './PortBatches.ts';
export { PortConnection } from './PortConnection.ts';
export {
  MAX_PORT_BATCH_LENGTH,
  MIN_PORT_BATCH_LENGTH,
  PORT_BATCH_LENGTH,
  portInvitationsTo,
} from './portInvitationsTo.ts';
export { PADDING_MSG_TYPE_ID, RECORD_ALIGNMENT, RECORD_HEADER_LENGTH } from './RecordDescriptor.ts';
export type { RingBufferOptions } from './RingBufferOptions.ts';
export { RingMemory } from './RingMemory.ts';
export { reclaimAtEndOf } from './reclaimAtEndOf.ts';
export { SHARED_BLOCKS_BYTES, SharedBlocks } from './SharedBlocks.ts';
export { CHUNK_LENGTH, HEADROOM_LENGTH } from './SharedBlocksDescriptor.ts';
export { ShmLink } from './ShmLink.ts';
export { DEFAULT_SLEEP_PERIOD_MICROS, SleepingIdleStrategy } from './SleepingIdleStrategy.ts';
export type { LinkPort, WorkerThread } from './ThreadPlatform.ts';
export type { WorkerLink } from './WorkerLink.ts';
export { type IntroducedPeerOptions, WorkerPeer, type WorkerPeerOptions } from './WorkerPeer.ts';
