const MOST_CHARS = 1024;
const scratch = Buffer.alloc(MOST_CHARS);

/**
 * The same text in one piece. One that was put together is a tree of its parts, and JSON.stringify leaves its fast way for
 * all of a record where it meets one: that costs some microseconds. What is long or not ASCII stays as it is.
 */
export function flatText(text: string): string {
  if (text.length > MOST_CHARS / 3) return text;
  const bytes = scratch.write(text);
  return bytes === text.length ? scratch.toString('latin1', 0, bytes) : text;
}
