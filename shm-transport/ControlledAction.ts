/** What a `ControlledMessageHandler` answers. */
export const ControlledAction = {
  /** Leave this message unread and stop. */
  ABORT: 1,
  /** This message is consumed; stop. */
  BREAK: 2,
  /** This message is consumed; give its space back to the producer now, and go on. */
  COMMIT: 3,
  /** This message is consumed; go on. */
  CONTINUE: 4,
} as const;

export type ControlledAction = (typeof ControlledAction)[keyof typeof ControlledAction];
