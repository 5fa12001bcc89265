import { type Target, targetName } from '../../../../core/call.ts';
import { type Json, type JsonObject, isJsonObject } from '../../../../core/json.ts';
import { type AskDeps, askModeration } from '../../../../models/own-calls/ask-text.ts';
import { type Judgement, JudgeFailed } from '../../engine/judge.ts';
import { type Asker, clamped, highest, isName } from '../asker.ts';
import { piecesOf } from '../pieces.ts';
import { askedFor, ofTarget, silent } from './target.ts';

/** What one request takes, and one of its texts: short ones are judged better. UTF-16 units. */
const MOST_CHARS = 32_000;
const TEXT_CHARS = 2000;
/** No endpoint has more. */
const MOST_CATEGORIES = 64;

/**
 * A target's moderation endpoint.
 * @see https://platform.openai.com/docs/api-reference/moderations (checked 2026-11-22)
 */
export function moderationAsker(deps: AskDeps, target: Target, counted: readonly string[]): Asker {
  return {
    ...ofTarget(target, ['moderation', ...counted]),
    mostChars: () => MOST_CHARS,
    async ask(asked) {
      const texts = piecesOf(asked.text, TEXT_CHARS);
      const answer = await askModeration(deps, { ...askedFor(target, asked), texts });
      if (!answer) throw silent(target);
      const judgement = judgementOf(answer, texts.length, counted);
      if (!judgement) throw new JudgeFailed(`${targetName(target)} answered, but not as a moderation endpoint does`);
      return judgement;
    },
  };
}

/**
 * The highest of all texts that were sent, by category.
 * @returns undefined where it is not an answer for each of them
 */
export function judgementOf(answer: JsonObject, texts: number, counted: readonly string[]): Judgement | undefined {
  const { results } = answer;
  if (!Array.isArray(results) || results.length !== texts) return undefined;
  const categories: Record<string, number> = {};
  let isFlagged = false;
  for (const result of results) {
    const scores = scoresOf(result);
    if (!scores || !isJsonObject(result)) return undefined;
    isFlagged ||= result['flagged'] === true;
    for (const [name, score] of scores) categories[name] = Math.max(categories[name] ?? 0, score);
  }
  // Endpoints without categories only say whether they flag it.
  const isBare = Object.keys(categories).length === 0;
  return { score: isBare ? Number(isFlagged) : highest(categories, counted), categories };
}

function scoresOf(result: Json): readonly (readonly [name: string, score: number])[] | undefined {
  if (!isJsonObject(result)) return undefined;
  const scores = result['category_scores'] ?? result['categories'];
  if (!isJsonObject(scores)) return typeof result['flagged'] === 'boolean' ? [] : undefined;
  const read: (readonly [string, number])[] = [];
  for (const [name, value] of Object.entries(scores).slice(0, MOST_CATEGORIES)) {
    if (!isName(name)) continue;
    if (typeof value === 'number' && Number.isFinite(value)) read.push([name, clamped(value)]);
    else if (typeof value === 'boolean') read.push([name, Number(value)]);
  }
  return read;
}
