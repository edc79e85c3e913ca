import { DirectBuffer } from './DirectBuffer.ts';

/** A view of no bytes: what a flyweight shows before its first `wrap`, so that its field holds one shape for life. */
export const EMPTY_BUFFER: DirectBuffer = /* @__PURE__ */ new DirectBuffer(/* @__PURE__ */ new ArrayBuffer(8), 0, 0);
