/** Guards every write to a counter. A build may set it to false, and the minifier then drops what it guards. */
export const COUNTERS_ENABLED: boolean = true;
