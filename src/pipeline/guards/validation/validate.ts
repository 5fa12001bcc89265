import type { Call } from '../../../core/call.ts';
import { scriptOf } from '../../../core/texts/script.ts';
import { estimateOutputTokens } from '../../../models/tokens/estimate.ts';
import { countScripts } from '../../../models/tokens/script-counts.ts';
import type { TextSlot } from '../slots/slot.ts';
import { type SentImage, imagesIn, pointerOf } from './images.ts';
import type { ValidationSettings } from './settings.ts';

export type ValidationRule =
  | 'json_depth'
  | 'messages'
  | 'max_characters'
  | 'total_characters'
  | 'tokens'
  | 'languages'
  | 'images'
  | 'image_size';

/** A rule that a request does not keep, and where it shows first. Never texts of clients. */
export interface Problem {
  readonly rule: ValidationRule;
  /** What is allowed: a number, or names of languages. */
  readonly limit: number | string;
  /** What is there; of tokens at least so many. */
  readonly found: number | string;
  /** A JSON pointer into the body; empty for the body as a whole. */
  readonly path: string;
}

/**
 * Holds a request against what it has to be like; at most one problem for each rule.
 *
 * Counted as messages are what users say in a chat: system prompts, results of tools, documents and earlier answers are
 * counted only in the rules about all texts together.
 */
export function validateRequest(
  settings: ValidationSettings,
  call: Call,
  slots: readonly TextSlot[],
): readonly Problem[] {
  const problems: Problem[] = [];
  note(problems, depthProblem(settings, call));
  note(problems, messagesProblem(settings, call));
  note(problems, longMessage(settings, call, slots));
  note(problems, totalProblem(settings, slots));
  note(problems, tokensProblem(settings, call, slots));
  note(problems, languageProblem(settings, slots));
  if (settings.maxImages !== undefined || settings.maxImageSize !== undefined) {
    problems.push(...imageProblems(settings, call));
  }
  return problems;
}

function note(problems: Problem[], problem: Problem | undefined): void {
  if (problem) problems.push(problem);
}

function depthProblem({ maxJsonDepth }: ValidationSettings, { body }: Call): Problem | undefined {
  const found = body.shape.depth;
  return found > maxJsonDepth ? { rule: 'json_depth', limit: maxJsonDepth, found, path: '' } : undefined;
}

/** The lists of messages, by dialect. */
const LISTS = { openai: 'messages', responses: 'input', anthropic: 'messages', gemini: 'contents' } as const;

function messagesProblem({ maxMessages }: ValidationSettings, call: Call): Problem | undefined {
  if (maxMessages === undefined || call.operation !== 'chat') return undefined;
  const name = LISTS[call.dialect];
  const list = call.body.resolved[name];
  const found = Array.isArray(list) ? list.length : 1;
  return found > maxMessages ? { rule: 'messages', limit: maxMessages, found, path: `/${name}` } : undefined;
}

function longMessage({ maxCharacters }: ValidationSettings, call: Call, slots: readonly TextSlot[]) {
  // Where all together are no more, no message is.
  if (call.operation !== 'chat' || unitsOf(slots) <= maxCharacters) return undefined;
  for (const parts of userMessages(slots)) {
    const found = charactersOf(parts, maxCharacters);
    if (found === undefined) continue;
    return { rule: 'max_characters', limit: maxCharacters, found, path: parts[0]?.path ?? '' } as const;
  }
  return undefined;
}

function totalProblem({ maxTotalCharacters: limit }: ValidationSettings, slots: readonly TextSlot[]) {
  const found = limit === undefined ? undefined : charactersOf(slots, limit);
  if (limit === undefined || found === undefined) return undefined;
  return { rule: 'total_characters', limit, found, path: '' } as const;
}

/** No unit of a text is more tokens than that, whatever the model. */
const MOST_TOKENS_A_UNIT = 4;
/** Texts are counted in pieces of so many units, until it is clear that they are far too many. */
const PIECE = 16_384;

function tokensProblem({ maxTokens: limit }: ValidationSettings, call: Call, slots: readonly TextSlot[]) {
  if (limit === undefined || unitsOf(slots) * MOST_TOKENS_A_UNIT <= limit) return undefined;
  const model = call.assignment?.targets[0]?.model ?? call.facts.model;
  const counts = countScripts('');
  let uncounted = 0;
  for (const piece of piecesOf(slots)) {
    countScripts(piece, counts);
    uncounted += piece.length;
    if (uncounted < PIECE) continue;
    uncounted = 0;
    if (estimateOutputTokens(counts, model) > 2 * limit) break;
  }
  const found = estimateOutputTokens(counts, model);
  return found > limit ? ({ rule: 'tokens', limit, found, path: '' } as const) : undefined;
}

function* piecesOf(slots: readonly TextSlot[]): Iterable<string> {
  for (const { text } of slots) {
    for (let from = 0; from < text.length; from += PIECE) yield text.slice(from, from + PIECE);
  }
}

/** A text of fewer letters may be a name, or a word that is said so everywhere. */
const LEAST_LETTERS = 20;
/** A language shows within so many characters of a message. */
const MOST_LOOKED_AT = 2000;

function languageProblem({ languages }: ValidationSettings, slots: readonly TextSlot[]): Problem | undefined {
  if (languages.length === 0) return undefined;
  for (const parts of userMessages(slots)) {
    const text = beginningOf(parts);
    const script = scriptOf(text);
    if (script === undefined || languages.includes(script) || !hasLetters(text)) continue;
    return { rule: 'languages', limit: languages.join(', '), found: script, path: parts[0]?.path ?? '' };
  }
  return undefined;
}

function beginningOf(parts: readonly TextSlot[]): string {
  let text = '';
  for (const part of parts) {
    if (text.length >= MOST_LOOKED_AT) break;
    text += `${part.text.slice(0, MOST_LOOKED_AT - text.length)} `;
  }
  return text;
}

function hasLetters(text: string): boolean {
  let letters = 0;
  for (const [run] of text.matchAll(/\p{L}{1,20}/gu)) {
    letters += run.length;
    if (letters >= LEAST_LETTERS) return true;
  }
  return false;
}

function* imageProblems({ maxImages, maxImageSize }: ValidationSettings, call: Call): Iterable<Problem> {
  const images = imagesIn(call);
  if (maxImages !== undefined && images.length > maxImages) {
    yield { rule: 'images', limit: maxImages, found: images.length, path: '' };
  }
  const largest = images.reduce<SentImage | undefined>(largerOf, undefined);
  const found = largest?.bytes ?? 0;
  if (!largest || maxImageSize === undefined || found <= maxImageSize) return;
  yield { rule: 'image_size', limit: maxImageSize, found, path: pointerOf(largest.place) };
}

function largerOf(one: SentImage | undefined, other: SentImage): SentImage {
  return one && (one.bytes ?? 0) >= (other.bytes ?? 0) ? one : other;
}

/** What users say, by message; slots of one message stand together. */
function* userMessages(slots: readonly TextSlot[]): Iterable<readonly TextSlot[]> {
  let parts: TextSlot[] = [];
  for (const slot of slots) {
    if (slot.role !== 'user' || slot.place !== 'input') continue;
    if (parts[0] && parts[0].message !== slot.message) {
      yield parts;
      parts = [];
    }
    parts.push(slot);
  }
  if (parts.length > 0) yield parts;
}

function unitsOf(slots: readonly TextSlot[]): number {
  let units = 0;
  for (const { text } of slots) units += text.length;
  return units;
}

/** How many code points they have together, where that is more than so many. */
function charactersOf(slots: readonly TextSlot[], limit: number): number | undefined {
  const units = unitsOf(slots);
  if (units <= limit) return undefined;
  const found = units - slots.reduce((sum, { text }) => sum + pairsIn(text), 0);
  return found > limit ? found : undefined;
}

function pairsIn(text: string): number {
  let pairs = 0;
  for (let at = 0; at < text.length - 1; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit < 0xd800 || unit > 0xdbff) continue;
    const next = text.charCodeAt(at + 1);
    if (next < 0xdc00 || next > 0xdfff) continue;
    pairs += 1;
    at += 1;
  }
  return pairs;
}
