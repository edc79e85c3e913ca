/**
 * Frame flags: the lower ten of the 16 bits that follow the stream id (spec: "Frame Header Format").
 * One bit has a different letter on different frames, so each letter is a constant of its own.
 *
 *                TTTTTT_IMF.......      T = frame type, 6 bits; then the 10 flag bits
 */
export const FrameFlag = {
  /** (I)gnore this frame if it is not understood. */
  IGNORE: 0b000000_1000000000,
  /** (M)etadata is present, though it may be empty. */
  METADATA: 0b000000_0100000000,
  /** REQUEST_*, PAYLOAD: more fragments (F)ollow. */
  FOLLOWS: 0b000000_0010000000,
  /** SETUP: a (R)esume token is present. */
  RESUME: 0b000000_0010000000,
  /** KEEPALIVE: (R)espond to this one. */
  RESPOND: 0b000000_0010000000,
  /** REQUEST_CHANNEL, PAYLOAD: stream (C)ompletion, in this direction. */
  COMPLETE: 0b000000_0001000000,
  /** SETUP: the sender will honour (L)ease. */
  LEASE: 0b000000_0001000000,
  /** PAYLOAD: it carries a (N)ext item, though its data may be empty. */
  NEXT: 0b000000_0000100000,
} as const;
