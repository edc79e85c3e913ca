/** Where the fields of SETUP are, as `SetupFlyweight` draws them: encoding and decoding need no more of it. */

export const MAJOR_VERSION_FIELD_OFFSET = 6;
export const MINOR_VERSION_FIELD_OFFSET = 8;
export const KEEP_ALIVE_INTERVAL_FIELD_OFFSET = 10;
export const LIFETIME_FIELD_OFFSET = 14;
/** Here the token begins with its length, if there is one; else the first MIME type. */
export const RESUME_TOKEN_LENGTH_FIELD_OFFSET = 18;
export const RESUME_TOKEN_FIELD_OFFSET = 20;
