/** Ids of the ways to authenticate that have one (spec: "Well-known Auth Types"). */
export const AuthenticationType = {
  SIMPLE: 0x00,
  BEARER: 0x01,
} as const;
