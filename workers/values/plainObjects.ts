/** What is an object as a literal makes it, for structured clone as for us. */
import { types } from 'node:util';

const OBJECT_PROTOTYPE: unknown = Object.prototype;
const tagOf: (this: unknown) => string = Object.prototype.toString;

/** Nothing that all objects inherit would be taken for a property of theirs. */
export function isUnspoilt(): boolean {
  for (const _ in Object.prototype) return false;
  return true;
}

/** Whether `value`, no proxy, is as a literal makes it, or without a prototype; and no other thing that looks so. */
export function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === OBJECT_PROTOTYPE) return tagOf.call(value) === '[object Object]';
  return prototype === null && tagOf.call(value) === '[object Object]' && !isDisguised(value);
}

/** Whether `key` may be an index: such come first. */
export function startsLikeIndex(key: string): boolean {
  return key.charCodeAt(0) < 0x3a;
}

/**
 * Whether what looks like a plain object is something else, whose prototype was replaced by hand. Asked where there are
 * no properties of a name: those things have none, unless they were given some as well, and such are not found out.
 */
export function isDisguised(value: object): boolean {
  return (
    types.isMap(value) ||
    types.isSet(value) ||
    ArrayBuffer.isView(value) ||
    types.isAnyArrayBuffer(value) ||
    types.isPromise(value) ||
    types.isModuleNamespaceObject(value)
  );
}
