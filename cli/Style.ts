const ESCAPE = '\u001b[';

/** Colours for a terminal; plain text elsewhere, and where `NO_COLOR` is set. `FORCE_COLOR` wins over the terminal. */
export class Style {
  readonly #isColoured: boolean;

  constructor(stream: { readonly isTTY?: boolean | undefined }, env: Readonly<Record<string, string | undefined>>) {
    const { NO_COLOR: no = '', FORCE_COLOR: forced = '', TERM: term } = env;
    const isForced = forced !== '' && forced !== '0';
    this.#isColoured = no === '' && (isForced || (stream.isTTY === true && forced !== '0' && term !== 'dumb'));
  }

  bold(text: string): string {
    return this.#wrap(text, 1, 22);
  }

  dim(text: string): string {
    return this.#wrap(text, 2, 22);
  }

  red(text: string): string {
    return this.#wrap(text, 31, 39);
  }

  green(text: string): string {
    return this.#wrap(text, 32, 39);
  }

  cyan(text: string): string {
    return this.#wrap(text, 36, 39);
  }

  #wrap(text: string, on: number, off: number): string {
    return this.#isColoured ? `${ESCAPE}${on}m${text}${ESCAPE}${off}m` : text;
  }
}
