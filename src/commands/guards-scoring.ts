import { hash } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync, truncateSync } from 'node:fs';

import { asString, isJsonObject, parseJson } from '../core/json.ts';
import { JudgeFailed } from '../pipeline/guards/engine/judge.ts';
import type { ScoredSample } from '../pipeline/guards/moderation/calibration/sample.ts';
import type { Sample } from './guards-samples.ts';
import type { Scorer, Scores } from './guards-scorers.ts';

/** How many texts are under way at a time. */
const LANES = 4;
/** After so many failures one after the other it is given up. */
const MOST_IN_A_ROW = 5;
/** Where more of the texts have no score, those that have one say little of all. */
const MOST_UNSCORED = 0.02;

export interface ScoringOptions {
  /** How many texts have a score. */
  readonly onProgress: (scored: number) => void;
  /** A file that scores are added to, and taken from where it has them. */
  readonly save: string | undefined;
}

export interface Scored {
  readonly samples: readonly ScoredSample[];
  readonly notes: readonly string[];
}

/** Samples that bring their scores. @throws RangeError where one has none */
export function readyScores(path: string, samples: readonly Sample[]): Scored {
  const isCascade = samples.some(({ strongScore }) => strongScore !== undefined);
  return {
    notes: [],
    samples: samples.map(({ isHarmful, score, strongScore }, at) => {
      if (score !== undefined && (!isCascade || strongScore !== undefined)) return { isHarmful, score, strongScore };
      const missing = score === undefined ? 'score' : 'strong_score';
      throw new RangeError(
        `sample ${at + 1} of ${path} has no "${missing}"; name a guard with --policy and --guard that scores the texts`,
      );
    }),
  };
}

/**
 * Shows each text to the guard.
 * @throws RangeError where a sample has no text, or the guard fails again and again
 */
export async function scoreAll(
  path: string,
  samples: readonly Sample[],
  scorer: Scorer,
  options: ScoringOptions,
): Promise<Scored> {
  const texts = samples.map(({ text }, at) => {
    if (text !== undefined) return text;
    throw new RangeError(`sample ${at + 1} of ${path} has no text; say with --text what the column is called`);
  });
  const saved = new SavedScores(options.save, scorer);
  const scores: (Scores | undefined)[] = texts.map((text) => saved.get(text));
  const remembered = scores.filter((one) => one !== undefined).length;
  let done = remembered;
  const failures = await fill(texts, scores, scorer, (at, said) => {
    saved.add(texts[at] ?? '', samples[at]?.isHarmful ?? false, said);
    done += 1;
    options.onProgress(done);
  });
  if (failures.count > texts.length * MOST_UNSCORED) {
    throw new RangeError(`${failures.count} of ${texts.length} texts could not be scored: ${failures.last}`);
  }
  const notes = [
    remembered > 0 && `${remembered} scores were taken from ${options.save}.`,
    failures.count > 0 && `${failures.count} texts have no score and are left out: ${failures.last}`,
  ];
  return {
    notes: notes.filter((note) => note !== false),
    samples: samples.flatMap(({ isHarmful }, at) => {
      const said = scores[at];
      return said ? [{ isHarmful, ...said }] : [];
    }),
  };
}

interface Failures {
  readonly count: number;
  readonly last: string;
}

async function fill(
  texts: readonly string[],
  scores: (Scores | undefined)[],
  scorer: Scorer,
  onScore: (at: number, said: Scores) => void,
): Promise<Failures> {
  let next = 0;
  let count = 0;
  let inARow = 0;
  let last = '';
  const lane = async (): Promise<void> => {
    while (next < texts.length && inARow < MOST_IN_A_ROW) {
      const at = next;
      next += 1;
      if (scores[at]) continue;
      try {
        const said = await scorer.score(texts[at] ?? '');
        inARow = 0;
        scores[at] = said;
        onScore(at, said);
      } catch (error) {
        if (!(error instanceof JudgeFailed)) throw error;
        [count, inARow, last] = [count + 1, inARow + 1, error.message];
      }
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  if (inARow >= MOST_IN_A_ROW) throw new RangeError(`${inARow} texts in a row could not be scored: ${last}`);
  return { count, last };
}

/** Scores by a hash of the text, so that what was paid for is not paid for again; no texts. One JSON object a line. */
class SavedScores {
  readonly #path: string | undefined;
  readonly #guard: string;
  readonly #known = new Map<string, Scores>();

  constructor(path: string | undefined, { policy, guard, version }: Scorer) {
    this.#path = path;
    this.#guard = `${policy}/${guard} ${version}`;
    if (path === undefined || !existsSync(path)) return;
    const text = readFileSync(path, 'utf8');
    // Where it was stopped there may be half a line.
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    if (whole.length < text.length) truncateSync(path, Buffer.byteLength(whole));
    for (const line of whole.split('\n')) this.#read(line);
  }

  get(text: string): Scores | undefined {
    return this.#known.get(idOf(text));
  }

  add(text: string, isHarmful: boolean, { score, strongScore }: Scores): void {
    if (this.#path === undefined) return;
    const label = isHarmful ? 'harmful' : 'safe';
    const line = { id: idOf(text), guard: this.#guard, label, score, strong_score: strongScore };
    appendFileSync(this.#path, `${JSON.stringify(line)}\n`);
  }

  #read(line: string): void {
    const json = parseJson(line);
    if (json === undefined || !isJsonObject(json) || json['guard'] !== this.#guard) return;
    const { id, score, strong_score: strong } = json;
    const key = asString(id);
    if (key === undefined || typeof score !== 'number') return;
    this.#known.set(key, { score, strongScore: typeof strong === 'number' ? strong : undefined });
  }
}

function idOf(text: string): string {
  return hash('sha256', text).slice(0, 24);
}
