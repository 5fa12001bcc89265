import type { Clock } from '../../../core/clock.ts';
import { JudgeFailed, type JudgedText, type Judgement } from '../engine/judge.ts';
import type { Asker } from './asker.ts';
import { pieceCount, piecesOf } from './pieces.ts';

/** A longer text is not judged at all: nobody should believe that all of it was. */
const MOST_PIECES = 32;
/** How many pieces of one text are asked about at a time. */
const LANES = 4;
/** What was found in one piece stands from here on, whatever became of the others. */
const SURE = 0.5;
/** Nothing worse can come. */
const WORST = 0.995;

/**
 * A text of any length, judged in pieces; the worst counts.
 * @throws JudgeFailed where it is too long, or where a piece was not judged and nothing was found in the others
 */
export async function judgedInPieces(
  asker: Asker,
  clock: Pick<Clock, 'monotonic'>,
  asked: JudgedText,
): Promise<Judgement> {
  const most = asker.mostChars(asked);
  if (asked.text.length <= most) return asker.ask(asked);
  if (pieceCount(asked.text.length, most) > MOST_PIECES) {
    throw new JudgeFailed(`${asker.name} reads ${most} characters at once, and the text has ${asked.text.length}`);
  }
  const pieces = piecesOf(asked.text, most);
  const end = clock.monotonic() + asked.allowedMs;
  const judged: Judgement[] = [];
  const failures: unknown[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let piece = pieces[next++]; piece !== undefined; piece = pieces[next++]) {
      if (judged.some(({ score }) => score >= WORST)) return;
      const allowedMs = end - clock.monotonic();
      try {
        if (allowedMs <= 0) throw new JudgeFailed(`${asker.name} had no time left for all of the text`);
        judged.push(await asker.ask({ ...asked, text: piece, allowedMs }));
      } catch (thrown) {
        failures.push(thrown);
        return;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(LANES, pieces.length) }, lane));
  return joined(judged, failures, pieces.length);
}

function joined(judged: readonly Judgement[], failures: readonly unknown[], pieces: number): Judgement {
  const worst = judged.reduce<Judgement | undefined>(
    (one, other) => (one && one.score >= other.score ? one : other),
    undefined,
  );
  if (!worst || (failures.length > 0 && worst.score < SURE)) throw failures[0];
  const categories: Record<string, number> = {};
  for (const judgement of judged) {
    for (const [name, score] of Object.entries(judgement.categories)) {
      categories[name] = Math.max(categories[name] ?? 0, score);
    }
  }
  const unjudged = pieces - judged.length;
  const left = failures.length > 0 && unjudged > 0 ? { unjudged } : {};
  return { score: worst.score, categories, detail: { ...worst.detail, pieces, ...left } };
}
