const MOST_ROWS = 20;
/** Letters that stand side by side in the box, about. */
const ROW_CHARS = 50;

/**
 * The height of a box for this text: counted only as far as it matters, since the browser's own way (field-sizing)
 * lays out a long text at every key.
 */
export function rowsFor(text: string, least: number): number {
  let rows = 0;
  let from = 0;
  while (rows < MOST_ROWS && from <= text.length) {
    const found = text.indexOf('\n', from);
    const end = found === -1 ? text.length : found;
    rows += Math.max(1, Math.ceil((end - from) / ROW_CHARS));
    from = end + 1;
  }
  return Math.min(MOST_ROWS, Math.max(least, rows));
}
