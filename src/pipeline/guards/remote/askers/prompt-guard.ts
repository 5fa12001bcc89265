import { type Target, targetName } from '../../../../core/call.ts';
import { type Json, isJsonObject, parseJson } from '../../../../core/json.ts';
import type { Place } from '../../../../core/screening.ts';
import type { AskDeps } from '../../../../models/own-calls/ask-text.ts';
import { type Judgement, JudgeFailed } from '../../engine/judge.ts';
import { type Asker, clamped, highest, withoutThoughts } from '../asker.ts';
import { withoutTokens } from './plain-turns.ts';
import { ofTarget, saidBy } from './target.ts';

/** Such classifiers read 512 tokens, and do not say what they left out. */
const MOST_CHARS = 400;

/**
 * What labels mean. `LABEL_1` is how the second Prompt Guard names what is malicious, and `SAFE` and `INJECTION` are the
 * labels of the usual DeBERTa classifiers.
 * @see https://www.llama.com/docs/model-cards-and-prompt-formats/prompt-guard/ (checked 2026-11-22)
 */
const MEANINGS: ReadonlyMap<string, string | undefined> = new Map([
  ['BENIGN', undefined],
  ['SAFE', undefined],
  ['LEGIT', undefined],
  ['LABEL_0', undefined],
  ['INJECTION', 'injection'],
  ['PROMPT_INJECTION', 'injection'],
  ['JAILBREAK', 'jailbreak'],
  ['MALICIOUS', 'malicious'],
  ['UNSAFE', 'malicious'],
  ['LABEL_1', 'malicious'],
]);
/** The first Prompt Guard has three. */
const MEANINGS_OF_1: ReadonlyMap<string, string | undefined> = new Map([
  ...MEANINGS,
  ['LABEL_1', 'injection'],
  ['LABEL_2', 'jailbreak'],
]);

/** A classifier of attacks behind an API for chats; its answer is a label, or a number, or a list of labels with scores. */
export function promptGuardAsker(deps: AskDeps, target: Target, counted: readonly string[]): Asker {
  const isFirst = /prompt-?guard(?!-?2)/i.test(target.model);
  return {
    ...ofTarget(target, ['prompt-guard', ...counted]),
    mostChars: () => MOST_CHARS,
    async ask(asked) {
      const said = await saidBy(deps, target, asked, [{ role: 'user', text: withoutTokens(asked.text) }]);
      const scores = scoresIn(said, isFirst ? MEANINGS_OF_1 : MEANINGS);
      if (!scores) throw new JudgeFailed(`${targetName(target)} answered with something that is no known label`);
      return judgementOf(scores, counted, isFirst ? asked.place : undefined);
    },
  };
}

/**
 * The first Prompt Guard calls any instruction an injection, which is for texts that should have none: of what users say
 * themselves it does not count, unless the operator says that it does.
 */
function judgementOf(categories: Record<string, number>, counted: readonly string[], place?: Place): Judgement {
  const isOwn = place === 'input' && counted.length === 0;
  return { score: highest(categories, isOwn ? ['jailbreak', 'malicious'] : counted), categories };
}

/** @returns undefined where a label is not known, since nobody can tell what it means */
export function scoresIn(
  text: string,
  meanings: ReadonlyMap<string, string | undefined> = MEANINGS,
): Record<string, number> | undefined {
  const said = withoutThoughts(text);
  const json = parseJson(said);
  // Some servers of the second Prompt Guard give how surely it is malicious as a number.
  if (typeof json === 'number') return json >= 0 && json <= 1 ? { malicious: json } : undefined;
  const labels = json === undefined ? [{ label: said, score: 1 }] : labelsIn(json);
  if (!labels || labels.length === 0) return undefined;
  const scores: Record<string, number> = {};
  for (const { label, score } of labels) {
    const name = label.trim().toUpperCase().replaceAll(/[ -]/g, '_');
    if (!meanings.has(name)) return undefined;
    const category = meanings.get(name);
    if (category !== undefined) scores[category] = Math.max(scores[category] ?? 0, clamped(score));
  }
  return scores;
}

const MOST_LABELS = 16;

interface Labelled {
  readonly label: string;
  readonly score: number;
}

/** `{label, score}`, a list of them, or a list with such a list, as servers of classifiers answer. */
function labelsIn(json: Json): readonly Labelled[] | undefined {
  if (typeof json === 'string') return [{ label: json, score: 1 }];
  const inner = Array.isArray(json) && Array.isArray(json[0]) ? json[0] : json;
  const list = Array.isArray(inner) ? inner : [inner];
  if (list.length > MOST_LABELS) return undefined;
  const labels: Labelled[] = [];
  for (const one of list) {
    if (!isJsonObject(one)) return undefined;
    const { label, score } = one;
    if (typeof label !== 'string' || typeof score !== 'number' || !Number.isFinite(score)) return undefined;
    labels.push({ label, score });
  }
  return labels;
}
