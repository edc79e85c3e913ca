/** After these a slash begins a regular expression and does not divide. */
const BEFORE_EXPRESSION =
  /(?:^|[=(,;:[!&|?{}+\-*%<>~^]|\b(?:return|typeof|case|in|of|do|else|void|throw|yield|await))\s*$/;

/**
 * Replaces comments, and what strings, templates and regular expressions hold, by spaces; line ends stay, so that
 * every character keeps its index. Expressions within a template (`${...}`) are code and stay.
 */
export function blankOut(text: string): { code: string; codeAndStrings: string } {
  const code = text.split('');
  const codeAndStrings = text.split('');
  /** For each template that is open: how many braces are open within its present expression. */
  const templates: number[] = [];
  let i = 0;

  const blank = (end: number, comment: boolean): void => {
    for (; i < end; i++) {
      if (text[i] === '\n') continue;
      code[i] = ' ';
      if (comment) codeAndStrings[i] = ' ';
    }
  };
  const endOf = (terminator: RegExp, from: number): number => {
    const found = text.slice(from).search(terminator);
    return found === -1 ? text.length : from + found;
  };
  /** Blanks from here to the quote that closes, and steps over that. */
  const blankString = (quote: string): void => {
    let end = i + 1;
    while (end < text.length && text[end] !== quote && text[end] !== '\n') end += text[end] === '\\' ? 2 : 1;
    i++;
    blank(Math.min(end, text.length), false);
    i++;
  };
  /** Blanks up to the end of the template or to the next expression in it. */
  const blankTemplate = (): void => {
    let end = i;
    while (end < text.length && text[end] !== '`' && !text.startsWith('${', end)) end += text[end] === '\\' ? 2 : 1;
    blank(Math.min(end, text.length), false);
    if (text.startsWith('${', i)) {
      templates.push(0);
      i += 2;
    } else i++;
  };
  const blankPattern = (): void => {
    let end = i + 1;
    for (let inClass = false; end < text.length && text[end] !== '\n' && (inClass || text[end] !== '/'); end++) {
      if (text[end] === '\\') end++;
      else if (text[end] === '[') inClass = true;
      else if (text[end] === ']') inClass = false;
    }
    i++;
    blank(Math.min(end, text.length), false);
    i++;
  };

  while (i < text.length) {
    const character = text[i] as string;
    if (text.startsWith('//', i)) blank(endOf(/\n/, i), true);
    else if (text.startsWith('/*', i)) blank(endOf(/\*\//, i + 2) + 2, true);
    else if (character === "'" || character === '"') blankString(character);
    else if (character === '`') {
      i++;
      blankTemplate();
    } else if (character === '/' && BEFORE_EXPRESSION.test(code.slice(Math.max(0, i - 40), i).join(''))) blankPattern();
    else if (templates.length > 0 && character === '}' && templates.at(-1) === 0) {
      templates.pop();
      i++;
      blankTemplate();
    } else {
      if (templates.length > 0 && character === '{') templates.push((templates.pop() as number) + 1);
      if (templates.length > 0 && character === '}') templates.push((templates.pop() as number) - 1);
      i++;
    }
  }
  return { code: code.join(''), codeAndStrings: codeAndStrings.join('') };
}
