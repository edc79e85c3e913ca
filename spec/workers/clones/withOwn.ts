/** Own properties that hide what is inherited. */
export function withOwn(value: object, properties: Record<string, unknown>): object {
  for (const [key, held] of Object.entries(properties)) {
    Object.defineProperty(value, key, { value: held, enumerable: true });
  }
  return value;
}
