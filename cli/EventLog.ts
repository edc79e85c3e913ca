import type { Host } from './Host.ts';

/** What a command has to tell: a sentence on a terminal, a JSON object a line elsewhere. */
export class EventLog {
  readonly isTerminal: boolean;
  readonly #host: Host;

  /** @param isJson JSON on a terminal, too */
  constructor(host: Host, isJson = false) {
    this.#host = host;
    this.isTerminal = host.stdout.isTTY === true && !isJson;
  }

  tell(event: string, facts: Readonly<Record<string, unknown>>, sentence: string): void {
    this.#host.stdout.write(`${this.isTerminal ? sentence : JSON.stringify({ event, ...facts })}\n`);
  }
}
