/** Longer texts have no room that is kept for them. */
const USUAL = 131_072;

let room = new Uint16Array(4096);
let last: string | undefined;

/**
 * The UTF-16 units of a text, and whatever behind them: reading them from a list takes a fraction of what reading them from
 * the text does. They are there until the next text is asked for, which may be the same one.
 */
export function unitsOf(text: string): Uint16Array {
  const { length } = text;
  if (length > USUAL) return written(text, new Uint16Array(length));
  if (last !== undefined && last.length === length && last === text) return room;
  if (room.length < length) room = new Uint16Array(Math.min(USUAL, 2 * length));
  // Texts that are kept here would live on.
  last = length <= 4096 ? text : undefined;
  return written(text, room);
}

function written(text: string, into: Uint16Array<ArrayBuffer>): Uint16Array {
  Buffer.from(into.buffer).write(text, 0, 'utf16le');
  return into;
}
