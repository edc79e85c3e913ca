/** From so many objects on, a Map finds them faster than a walk along a list (measured). */
const LISTED_OBJECTS = 24;

/** The objects that a value is made of, numbered in the order in which they are met. */
export class MetObjects {
  readonly #list: unknown[] = [];
  /** All of them with their numbers, once they are many. */
  #numbers: Map<unknown, number> | undefined;
  /** How many were met: the number of the next one. */
  count = 0;

  /** The number of an `object` that was met before; -1 for another, which gets the next number. */
  meet(object: unknown): number {
    const count = this.count;
    if (count >= LISTED_OBJECTS) return this.#meetOfMany(object);
    const list = this.#list;
    for (let i = 0; i < count; i++) {
      if (list[i] === object) return i;
    }
    list[count] = object;
    this.count = count + 1;
    return -1;
  }

  #meetOfMany(object: unknown): number {
    let numbers = this.#numbers;
    if (numbers === undefined) {
      numbers = new Map();
      for (let i = 0; i < this.count; i++) numbers.set(this.#list[i], i);
      this.#numbers = numbers;
    }
    const number = numbers.get(object);
    if (number !== undefined) return number;
    numbers.set(object, this.count++);
    return -1;
  }

  /** Forgets all, and lets go of them. */
  clear(): void {
    if (this.count > 0) this.#list.length = 0;
    this.#numbers = undefined;
    this.count = 0;
  }
}
