/** What two pieces have in common, so that a phrase at an edge is whole in one of them. UTF-16 units. */
const OVERLAP = 100;

/**
 * A text in pieces that overlap; no pair of units is cut in two.
 * @param most UTF-16 units of one piece
 */
export function piecesOf(text: string, most: number): readonly string[] {
  if (text.length <= most) return [text];
  const overlap = Math.min(OVERLAP, Math.floor(most / 4));
  const pieces: string[] = [];
  let start = 0;
  for (;;) {
    const end = edge(text, start + most);
    pieces.push(text.slice(start, end));
    if (end >= text.length) return pieces;
    start = Math.max(edge(text, end - overlap), start + 1);
  }
}

/** How many pieces there are at the least: what a text is refused by before it is cut. */
export function pieceCount(length: number, most: number): number {
  return length <= most ? 1 : Math.ceil(length / Math.max(1, most - Math.min(OVERLAP, Math.floor(most / 4))));
}

function edge(text: string, at: number): number {
  if (at >= text.length) return text.length;
  const isLow = (text.charCodeAt(at) & 0xfc00) === 0xdc00;
  const isPair = isLow && (text.charCodeAt(at - 1) & 0xfc00) === 0xd800;
  return isPair ? at - 1 : at;
}
