/** Clears the reserved top bit of a 31-bit unsigned field, on reading and on writing. */
export const U31_MASK = 0x7fffffff;
