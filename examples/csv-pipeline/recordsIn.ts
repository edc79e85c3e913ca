const QUOTE = '"';

/**
 * The records of CSV text: fields of each line. A field within quotes may hold commas, and quotes twice; a record is
 * one line, and empty lines are none.
 */
export function* recordsIn(text: string): Generator<string[]> {
  let start = 0;
  while (start < text.length) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    if (end > start) yield fieldsOf(text.slice(start, end));
    start = end + 1;
  }
}

function fieldsOf(line: string): string[] {
  if (!line.includes(QUOTE)) return line.split(',');
  const fields: string[] = [];
  let at = 0;
  while (at <= line.length) {
    if (line[at] === QUOTE) {
      const closing = closingQuote(line, at);
      fields.push(line.slice(at + 1, closing).replaceAll('""', QUOTE));
      at = closing + 2;
    } else {
      const comma = endOfPlain(line, at);
      fields.push(line.slice(at, comma));
      at = comma + 1;
    }
  }
  return fields;
}

function endOfPlain(line: string, at: number): number {
  const comma = line.indexOf(',', at);
  return comma < 0 ? line.length : comma;
}

/** Where the quote is that ends the field which begins with the one at `opening`. */
function closingQuote(line: string, opening: number): number {
  let at = line.indexOf(QUOTE, opening + 1);
  while (at >= 0 && line[at + 1] === QUOTE) at = line.indexOf(QUOTE, at + 2);
  return at < 0 ? line.length : at;
}
