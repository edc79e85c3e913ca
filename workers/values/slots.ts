/** What built-in objects hold in their inner slots, whatever prototype and properties a program has given them. */

type Getter<T> = (this: unknown) => T;

const typedArrayPrototype = Object.getPrototypeOf(Uint8Array.prototype) as object;

/** Of a typed array: the name of its kind. */
export const nameOfBytes: Getter<string> = getterOf(typedArrayPrototype, Symbol.toStringTag);
/** Of a typed array: the buffer below. */
export const bufferOfBytes: Getter<ArrayBufferLike> = getterOf(typedArrayPrototype, 'buffer');
/** Of a typed array: where it starts there. */
export const byteOffsetOfBytes: Getter<number> = getterOf(typedArrayPrototype, 'byteOffset');
/** Of a typed array: how many bytes it covers; 0 if the buffer is detached. */
export const byteLengthOfBytes: Getter<number> = getterOf(typedArrayPrototype, 'byteLength');

/** Of a DataView: the buffer below. */
export const bufferOfDataView: Getter<ArrayBufferLike> = getterOf(DataView.prototype, 'buffer');
/** Of a DataView: where it starts there. Throws if the buffer is detached. */
export const byteOffsetOfDataView: Getter<number> = getterOf(DataView.prototype, 'byteOffset');
/** Of a DataView: how many bytes it covers. Throws if the buffer is detached. */
export const byteLengthOfDataView: Getter<number> = getterOf(DataView.prototype, 'byteLength');

/** Of an ArrayBuffer: its length; 0 if it is detached. */
export const byteLengthOfBuffer: Getter<number> = getterOf(ArrayBuffer.prototype, 'byteLength');
/** Of an ArrayBuffer: whether its length can change. */
export const isResizable: Getter<boolean> = getterOf(ArrayBuffer.prototype, 'resizable');

/** Of a RegExp: its text. */
export const sourceOf: Getter<string> = getterOf(RegExp.prototype, 'source');
/** Of a RegExp: its flags, by its own properties of their names if it has some. */
export const flagsOf: Getter<string> = getterOf(RegExp.prototype, 'flags');

function getterOf<T>(prototype: object, name: string | symbol): Getter<T> {
  return Object.getOwnPropertyDescriptor(prototype, name)?.get as Getter<T>;
}
