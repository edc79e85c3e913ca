/** What the dissector shows of one RSocket frame: fields by name, with their values as tshark prints them. */
export class DissectedFrame {
  /** The number of the packet that completed the frame. */
  readonly packet: number;
  readonly #fields = new Map<string, string[]>();

  constructor(packet: number, layer: Layer) {
    this.packet = packet;
    this.#collect(layer);
  }

  names(): string[] {
    return [...this.#fields.keys()];
  }

  all(name: string): readonly string[] {
    return this.#fields.get(name) ?? [];
  }

  /** The field's value, or undefined if it is not there. Throws if it is there several times. */
  one(name: string): string | undefined {
    const values = this.all(name);
    if (values.length > 1) throw new Error(`${name} is there ${values.length} times`);
    return values[0];
  }

  /** The text that a field of bytes holds. */
  textOf(name: string): string | undefined {
    const value = this.one(name);
    return value === undefined ? undefined : Buffer.from(value.replaceAll(':', ''), 'hex').toString();
  }

  isSet(name: string): boolean {
    return ['1', 'True'].includes(this.one(name) ?? '');
  }

  #collect(layer: Layer): void {
    for (const [name, value] of Object.entries(layer)) {
      for (const one of [value].flat() as (string | Layer)[]) {
        if (typeof one === 'string') this.#fields.set(name, [...this.all(name), one]);
        else this.#collect(one);
      }
    }
  }
}

/** A layer of tshark's JSON: what is there several times is an array, and what has children has them beside it. */
export interface Layer {
  readonly [name: string]: string | Layer | readonly (string | Layer)[];
}
