/** Code units that are tokenized at once: above it a thread looks up between two pieces. */
const PIECE = 16_384;

/** How far a piece may grow to find a place where cutting changes nothing. */
const LOOK_BACK = 2048;

/** The longest run without white space that is cut as a whole; the work for a run grows with its square. */
const LONGEST_RUN = 512;

const LETTER_THEN_SPACE = /\p{L} $/u;

/**
 * Cuts a text so that tokenizing it takes time in proportion to its length, whatever it is: tokenizers merge a run
 * without spaces in quadratic time, and 100,000 equal letters hold them for many seconds.
 *
 * A cut between a letter and the space behind it changes no count, since OpenAI's patterns begin a new piece there.
 * Where there is none, inside very long runs, each cut can add a token.
 */
export function splitText(text: string): string[] {
  if (text.length <= LONGEST_RUN) return [text];
  const pieces: string[] = [];
  for (let at = 0; at < text.length;) {
    const end = endOfPiece(text, at);
    pieces.push(...splitRuns(text.slice(at, end)));
    at = end;
  }
  return pieces;
}

function endOfPiece(text: string, at: number): number {
  const most = at + PIECE;
  if (most >= text.length) return text.length;
  for (let end = most; end > most - LOOK_BACK; end -= 1) {
    if (text[end] === ' ' && LETTER_THEN_SPACE.test(text.slice(end - 2, end + 1))) return end;
  }
  return wholePair(text, most);
}

const LONG_RUN = new RegExp(`[^\\s]{${LONGEST_RUN},}|\\s{${LONGEST_RUN},}`, 'g');

function splitRuns(text: string): string[] {
  const pieces: string[] = [];
  let from = 0;
  for (const { index, 0: run } of text.matchAll(LONG_RUN)) {
    for (let at = index; at < index + run.length;) {
      const end = Math.min(wholePair(text, at + LONGEST_RUN), index + run.length);
      pieces.push(text.slice(from, end));
      from = end;
      at = end;
    }
  }
  if (from < text.length) pieces.push(text.slice(from));
  return pieces;
}

/** Never inside a surrogate pair. */
function wholePair(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff ? at + 1 : at;
}
