import { once } from 'node:events';
import type { Payload } from '../endpoint/index.ts';
import type { Host } from './Host.ts';

/** How payloads are printed. */
interface PayloadPrinterOptions {
  /** A JSON object a line, with data and metadata. */
  readonly isJson: boolean;
  /** More than one may come: each text ends its line. */
  readonly isStream: boolean;
}

/** What a terminal would act upon, or could not show. */
const CONTROLS = /[\p{Cc}\p{Cs}]/u;
const NEWLINE = '\n';

/**
 * Prints payloads: to a pipe, data as it is, and the texts of a stream a line each; to a terminal, text as lines, and
 * what is none in hexadecimal digits.
 */
export class PayloadPrinter {
  readonly #host: Host;
  readonly #options: PayloadPrinterOptions;
  readonly #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

  constructor(host: Host, options: PayloadPrinterOptions) {
    this.#host = host;
    this.#options = options;
  }

  /** Resolves when standard output takes more. */
  async print(payload: Payload): Promise<void> {
    const { stdout } = this.#host;
    if (!stdout.write(this.#textOf(payload)) && !stdout.destroyed) await once(stdout, 'drain');
  }

  #textOf({ data, metadata }: Payload): string | Uint8Array {
    if (this.#options.isJson) {
      const parts = {
        ...this.#json('data', data),
        ...(metadata === undefined ? {} : this.#json('metadata', metadata)),
      };
      return JSON.stringify(parts) + NEWLINE;
    }
    const text = this.#decode(data);
    if (this.#host.stdout.isTTY !== true) return text === undefined || !this.#options.isStream ? data : text + NEWLINE;
    if (text === undefined || CONTROLS.test(text.replace(/[\n\t]/g, ''))) return `0x${hexOf(data)}${NEWLINE}`;
    return text.endsWith(NEWLINE) ? text : text + NEWLINE;
  }

  #json(name: string, bytes: Uint8Array): Record<string, string> {
    const text = this.#decode(bytes);
    return text === undefined ? { [`${name}Hex`]: hexOf(bytes) } : { [name]: text };
  }

  #decode(bytes: Uint8Array): string | undefined {
    try {
      return this.#decoder.decode(bytes);
    } catch {
      return undefined;
    }
  }
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
