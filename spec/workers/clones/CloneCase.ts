/** How a value went: an encoding of the codec, or not at all; by the port or not at all as this Node has it. */
export type Way = 'NONE' | 'BYTES' | 'PART' | 'SERIALIZED' | 'PORT' | 'throws' | 'PORT or throws';

/** A name, what makes the value (anew for each use), and the way on which it is to go. */
export type CloneCase = readonly [name: string, make: () => unknown, way: Way];
