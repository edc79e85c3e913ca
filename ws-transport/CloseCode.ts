/** Codes of the WebSocket Close (RFC 6455, 7.4.1) that are sent or understood here. */
export const CloseCode = {
  NORMAL: 1000,
  GOING_AWAY: 1001,
  PROTOCOL_ERROR: 1002,
  UNSUPPORTED_DATA: 1003,
  /** Stands for a Close without a code; never sent. */
  NONE: 1005,
  /** Stands for an end without a Close; never sent. */
  ABNORMAL: 1006,
  TOO_BIG: 1009,
  INTERNAL_ERROR: 1011,
  TRY_AGAIN_LATER: 1013,
} as const;
