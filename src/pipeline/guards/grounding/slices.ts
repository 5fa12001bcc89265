import { setImmediate as nextTurn } from 'node:timers/promises';

import { piecesOf } from '../remote/pieces.ts';

/** What is read in one turn, in some milliseconds. UTF-16 units. */
const TURN_CHARS = 8000;

/** Sources in pieces, with a turn for everybody else after as much as takes some milliseconds to read. */
export async function* inTurns(sources: readonly string[], most: number): AsyncGenerator<string> {
  let read = 0;
  for (const source of sources) {
    for (const piece of piecesOf(source, most)) {
      yield piece;
      read += piece.length;
      if (read < TURN_CHARS) continue;
      read = 0;
      await nextTurn();
    }
  }
}
