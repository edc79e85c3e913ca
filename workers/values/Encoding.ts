/**
 * How the data of a call or a result carries its value: the number that a call's header says.
 *
 * | encoding  | the data is                                                                       |
 * |-----------|-----------------------------------------------------------------------------------|
 * | NONE      | empty: the value is `undefined`                                                   |
 * | BYTES     | the value, a Uint8Array                                                           |
 * | PART      | the same; at the sender it was a part of a larger ArrayBuffer                     |
 * | SERIALIZED| what the serializer wrote                                                         |
 * | PORT      | uint32, the number under which the value was posted to the port beside the link   |
 */
export const Encoding = {
  NONE: 0,
  BYTES: 1,
  PART: 2,
  SERIALIZED: 3,
  PORT: 4,
} as const;
