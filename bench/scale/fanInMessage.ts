/** The messages of FanIn: int32 fields at these places, the last one at the end. */
export const MESSAGE_LENGTH = 64;
export const PRODUCER = 0;
export const SEQUENCE = 4;
export const SEQUENCE_AGAIN = 60;
