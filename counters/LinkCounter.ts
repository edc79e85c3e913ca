/** The counters of one end of a connection. Written by the thread that owns this end. */
export const LinkCounter = {
  FRAMES_SENT: 0,
  /** Bytes of the frames sent, without the transport's own framing. */
  BYTES_SENT: 1,
  FRAMES_RECEIVED: 2,
  /** Bytes of the frames received, without the transport's own framing. */
  BYTES_RECEIVED: 3,
  /** Batches handed to the transport. */
  FLUSHES: 4,
  /** Wake-ups sent to the peer. */
  DOORBELLS_RUNG: 5,
  /** Claims that the transport refused because it was full. */
  BACK_PRESSURED: 6,
  STREAMS_OPENED: 7,
  STREAMS_CLOSED: 8,
  /** Items that this end allowed the peer to send: initial request n and REQUEST_N frames sent. */
  CREDIT_GRANTED: 9,
  /** Granted items that have arrived, or lapsed when their stream ended. */
  CREDIT_GRANTED_SPENT: 10,
  /** Items that the peer allowed this end to send: initial request n and REQUEST_N frames received. */
  CREDIT_RECEIVED: 11,
  /** Received credit that was used for an item, or lapsed when its stream ended. */
  CREDIT_RECEIVED_SPENT: 12,
  ERRORS_SENT: 13,
  ERRORS_RECEIVED: 14,
  CANCELS_SENT: 15,
  CANCELS_RECEIVED: 16,
  KEEPALIVES_SENT: 17,
  KEEPALIVES_RECEIVED: 18,
  /** Fragments sent; a frame that went whole is none. */
  FRAGMENTS_SENT: 19,
  FRAGMENTS_RECEIVED: 20,
  /** Frames for no known stream, or of no use in its state, which were dropped as the protocol demands. */
  FRAMES_IGNORED: 21,
  /** Requests that a limit of this end refused. */
  REQUESTS_REJECTED: 22,
} as const;

export type LinkCounter = (typeof LinkCounter)[keyof typeof LinkCounter];
