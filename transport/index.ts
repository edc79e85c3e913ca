/** The contract between the core and what carries its frames, and the in-process pair. */
export { BACK_PRESSURED, CLOSED, type DuplexConnection, type FrameHandler } from './DuplexConnection.ts';
export {
  IN_PROCESS_CAPACITY,
  InProcessConnection,
  type InProcessOptions,
  MIN_IN_PROCESS_CAPACITY,
} from './InProcessConnection.ts';
