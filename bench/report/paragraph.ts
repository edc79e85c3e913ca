/** A text that is written over several lines, as one. */
export function paragraph(text: string): string {
  return text.trim().replace(/\s+/g, ' ');
}
