/** The contract between the core and what carries its frames, and the in-process pair. */
export {
  BACK_PRESSURED,
  CLOSED,
  type DuplexConnection,
  type FrameHandler,
  MIN_CONNECTION_FRAME_LENGTH,
  NO_PLACE,
} from './DuplexConnection.ts';
export {
  DELIVERIES_PER_TURN,
  IN_PROCESS_CAPACITY,
  InProcessConnection,
  type InProcessOptions,
  MIN_IN_PROCESS_CAPACITY,
} from './InProcessConnection.ts';
export { PollScore } from './PollScore.ts';
export { poolOfThisThread, THREAD_POOL_BYTES } from './poolOfThisThread.ts';
export { POLL_TURNS, TurnLoop, type TurnTask } from './TurnLoop.ts';
