/** A payload with memory of its own. Empty data and none are the same on the wire; metadata may be absent. */
export interface Item {
  readonly data: Uint8Array;
  readonly metadata?: Uint8Array | undefined;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Text goes as UTF-8. */
export function item(data: string | Uint8Array = '', metadata?: string | Uint8Array): Item {
  return { data: bytesOf(data), metadata: metadata === undefined ? undefined : bytesOf(metadata) };
}

/** The data as text. */
export function textOf({ data }: Item): string {
  return decoder.decode(data);
}

export function bytesOf(part: string | Uint8Array): Uint8Array {
  return typeof part === 'string' ? encoder.encode(part) : part;
}
