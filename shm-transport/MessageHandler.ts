import type { DirectBuffer } from '../flyweight/index.ts';
import type { ControlledAction } from './ControlledAction.ts';

/** Gets one message: its bytes are the ring's, valid until it returns. */
export type MessageHandler = (msgTypeId: number, buffer: DirectBuffer, index: number, length: number) => void;

/** The same, and it decides what becomes of the message. */
export type ControlledMessageHandler = (
  msgTypeId: number,
  buffer: DirectBuffer,
  index: number,
  length: number,
) => ControlledAction;
