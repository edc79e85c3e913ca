import { RSocketError } from '../../flyweight/index.ts';

/** What is told of something that was thrown and that cannot be sent itself. */
interface ThrownDescription {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly code: string | number | undefined;
  readonly isDomException?: boolean;
}

/** A description that any serializer can write. */
export function describeThrown(thrown: unknown): ThrownDescription {
  if (!(thrown instanceof Error)) return { name: 'Error', message: textOf(thrown), stack: undefined, code: undefined };
  const { name, message, stack } = thrown;
  const { code } = thrown as { code?: unknown };
  if (thrown instanceof DOMException) return { name, message, stack, code: undefined, isDomException: true };
  const isPlain = typeof code === 'string' || typeof code === 'number';
  return { name: `${name}`, message: `${message}`, stack, code: isPlain ? code : undefined };
}

/** True for errors that lose by structured clone what they are: our own their code, those of the DOM everything. */
export function isToBeDescribed(thrown: unknown): boolean {
  return thrown instanceof RSocketError || thrown instanceof DOMException;
}

/** An error as the description says. */
export function errorOfDescription(description: unknown): Error {
  const { name, message, stack, code, isDomException } = description as ThrownDescription;
  if (isDomException === true) return new DOMException(message, name);
  const error =
    name === 'RSocketError' && typeof code === 'string'
      ? new RSocketError(code, message)
      : Object.assign(new Error(message), code === undefined ? {} : { code });
  Object.defineProperty(error, 'name', { value: name, configurable: true, writable: true });
  if (stack !== undefined) error.stack = stack;
  return error;
}

function textOf(thrown: unknown): string {
  try {
    return String(thrown);
  } catch {
    return 'what was thrown cannot be told';
  }
}
