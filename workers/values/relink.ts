/** A plain object or an array, into which a reference can be put. */
type Container = Record<string | number, unknown>;

/**
 * Puts references back that were left out where an object occurs more than once, or contains itself.
 *
 * The writer numbers objects in the order in which it meets them; walking what was read in the same order numbers
 * their copies alike.
 *
 * @param references container, key, target, container, key, target ...: `copies[container][key] = copies[target]`
 * @throws RangeError if a number is none of an object
 */
export function relink(root: unknown, references: readonly (number | string)[]): unknown {
  const copies: object[] = [];
  collect(root, copies);
  for (let i = 0; i < references.length; i += 3) {
    const container = copies[references[i] as number];
    const target = copies[references[i + 2] as number];
    const key = references[i + 1] as string | number;
    if (container === undefined || target === undefined || !Object.hasOwn(container, key)) {
      throw new RangeError(`reference ${i / 3} of ${references.length / 3} leads nowhere`);
    }
    (container as Container)[key] = target;
  }
  return root;
}

function collect(value: unknown, copies: object[]): void {
  if (typeof value !== 'object' || value === null) return;
  copies.push(value);
  if (Array.isArray(value)) {
    for (const element of value) collect(element, copies);
  } else if (value instanceof Map) {
    for (const [key, held] of value) {
      collect(key, copies);
      collect(held, copies);
    }
  } else if (value instanceof Set) {
    for (const member of value) collect(member, copies);
  } else if (ArrayBuffer.isView(value)) {
    copies.push(value.buffer);
  } else if (Object.getPrototypeOf(value) === Object.prototype) {
    for (const key in value) collect((value as Container)[key], copies);
  }
}
