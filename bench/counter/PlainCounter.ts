/** What one counts with where nobody else does: a field. */
export class PlainCounter {
  value = 0;

  increment(): void {
    this.value = (this.value + 1) | 0;
  }
}
