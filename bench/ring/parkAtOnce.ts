import type { DrainLoopOptions } from 'flysocket/shm-transport';

/** A thread that never looks twice: it parks as soon as there is nothing to do. */
export const PARK_AT_ONCE: DrainLoopOptions = { spinsPerPass: 0, idleTurnsBeforePark: 0 };
