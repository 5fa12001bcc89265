import type { Call } from '../../../core/call.ts';
import type { Clock } from '../../../core/clock.ts';
import { JudgeFailed, type JudgedText, type Judgement } from '../engine/judge.ts';
import type { Asker } from './asker.ts';
import { pieceCount, piecesOf } from './pieces.ts';

/** Long texts of a call in more pieces are not judged at all: nobody should believe that all of them were. */
const MOST_PIECES = 128;
/** How many pieces of one text are asked about at a time. */
const LANES = 4;
/** Nothing worse can come. */
const WORST = 0.995;

export interface PieceRules {
  readonly clock: Pick<Clock, 'monotonic'>;
  /** What was found in one piece stands from this score on, whatever became of the others. */
  readonly sure: number;
  /** Pieces of long texts of each call so far. */
  readonly pieces: WeakMap<Call, number>;
}

/**
 * A text of any length, judged in pieces; the worst counts.
 * @throws JudgeFailed where it is too long, or where a piece was not judged and nothing sure was found in the others
 */
export async function judgedInPieces(asker: Asker, rules: PieceRules, asked: JudgedText): Promise<Judgement> {
  const { clock, sure } = rules;
  const most = asker.mostChars(asked);
  if (asked.text.length <= most) return asker.ask(asked);
  const before = rules.pieces.get(asked.call) ?? 0;
  const count = before + pieceCount(asked.text.length, most);
  if (count > MOST_PIECES) {
    throw new JudgeFailed(
      `${asker.name} reads ${most} characters at once, and the long texts of a call at most ${MOST_PIECES} times`,
    );
  }
  rules.pieces.set(asked.call, count);
  const pieces = piecesOf(asked.text, most);
  const end = clock.monotonic() + asked.allowedMs;
  const judged: Judgement[] = [];
  const failures: unknown[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let piece = pieces[next++]; piece !== undefined; piece = pieces[next++]) {
      if (judged.some(({ score }) => score >= Math.max(WORST, sure))) return;
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
  return joined(judged, failures, pieces.length, sure);
}

function joined(judged: readonly Judgement[], failures: readonly unknown[], pieces: number, sure: number): Judgement {
  const worst = judged.reduce<Judgement | undefined>(
    (one, other) => (one && one.score >= other.score ? one : other),
    undefined,
  );
  if (!worst || (failures.length > 0 && (worst.score === 0 || worst.score < sure))) throw failures[0];
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
