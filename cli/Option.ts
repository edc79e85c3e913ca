/** An option of a command, for its parser and for its help. */
export interface Option {
  /** Its name without the dashes. */
  readonly name: string;
  /** Its one letter, if it has one. */
  readonly short?: string;
  /** What stands for its value in the help: `PORT`. A flag has none. */
  readonly value?: string;
  /** May be given more than once. */
  readonly isRepeatable?: boolean;
  /** What it does, in a few words. */
  readonly help: string;
}

/** Every command has it. */
export const HELP_OPTION: Option = { name: 'help', short: 'h', help: 'show this' };
