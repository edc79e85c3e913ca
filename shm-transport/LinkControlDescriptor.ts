/**
 * The shared words of a link beside its two rings: who waits for room. One line each, so that setting one costs the
 * other side nothing.
 *
 *  byte 0    +---------------------------------------------+
 *            |  ring 0: its producer sleeps until it is    |  producer sets it, consumer clears it
 *            |  half empty                                 |
 *     128    +---------------------------------------------+
 *            |  ring 1: likewise                           |
 *     256    +---------------------------------------------+
 */
const LINE_LENGTH = 128;

export const LINK_CONTROL_LENGTH: number = 2 * LINE_LENGTH;
/** Index of ring 1's word in an Int32Array over the control memory; that of ring 0 is 0. */
export const WAITING_WORD_STRIDE: number = LINE_LENGTH / Int32Array.BYTES_PER_ELEMENT;
