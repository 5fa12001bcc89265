import type { Dialect } from '../../core/call.ts';
import { type Json, type JsonObject, asString, isJsonObject } from '../../core/json.ts';
import type { FixedPrompt } from '../../core/routing.ts';
import type { BodyChanges, Path } from './body-changes.ts';

/** Between the operator's words and the client's. */
const GAP = '\n\n';

/** So many single messages are taken out one by one; more go with their list. */
const MOST_REMOVED = 16;

/**
 * Puts a prompt where the dialect has system prompts, before the client's own or in its place. It comes first and always
 * in the same words, so that providers' prompt caches find it. Nothing is changed where it is there already.
 */
export function putPrompt(changes: BodyChanges, dialect: Dialect, prompt: FixedPrompt): void {
  const put = PUT[dialect];
  put(changes, prompt);
}

type Put = (changes: BodyChanges, prompt: FixedPrompt) => void;

const PUT: Readonly<Record<Dialect, Put>> = {
  openai: intoMessages,
  responses: intoInstructions,
  anthropic: intoSystem,
  gemini: intoSystemInstruction,
};

/** Many servers take one system message only, and only as the first: so what is there is added to. */
function intoMessages(changes: BodyChanges, { system, mode }: FixedPrompt): void {
  if (!Array.isArray(changes.at(['messages']))) return;
  if (mode === 'replace') removeInstructions(changes, 'messages', 1);
  const first = changes.at(['messages', 0]);
  if (!isInstruction(first)) changes.insert(['messages', 0], { role: 'system', content: system });
  else if (mode === 'before') addBefore(changes, ['messages', 0, 'content'], system, 'text');
  else if (first['content'] !== system)
    changes.set(['messages', 0], { role: first['role'] ?? 'system', content: system });
}

function intoInstructions(changes: BodyChanges, { system, mode }: FixedPrompt): void {
  if (mode === 'replace') {
    removeInstructions(changes, 'input', 0);
    changes.set(['instructions'], system);
  } else addBefore(changes, ['instructions'], system, 'input_text');
}

function intoSystem(changes: BodyChanges, { system, mode }: FixedPrompt): void {
  if (mode === 'replace') {
    removeInstructions(changes, 'messages', 0);
    changes.set(['system'], system);
  } else addBefore(changes, ['system'], system, 'text');
}

/** Fields have either form of their names; where both are there, the first counts. */
function intoSystemInstruction(changes: BodyChanges, { version, system, mode }: FixedPrompt): void {
  const names = ['systemInstruction', 'system_instruction'];
  const name = names.find((one) => changes.has([one])) ?? 'systemInstruction';
  if (['cachedContent', 'cached_content'].some((one) => changes.has([one]))) {
    changes.warn([name], `the prompt ${version} is left out: what is cached at Google has its own`);
    return;
  }
  const parts = changes.at([name, 'parts']);
  const own = Array.isArray(parts) ? parts : isJsonObject(parts) ? [parts] : [];
  const [first] = own;
  const isThere = isJsonObject(first) && first['text'] === system;
  if (mode === 'replace') {
    changes.remove(['system_instruction']);
    if (!isThere || own.length > 1 || name !== 'systemInstruction') {
      changes.set(['systemInstruction'], { parts: [{ text: system }] });
    }
  } else if (isThere) return;
  else if (Array.isArray(parts)) changes.insert([name, 'parts', 0], { text: system });
  else if (changes.has([name])) changes.set([name, 'parts'], [{ text: system }, ...own]);
  else changes.set([name], { parts: [{ text: system }] });
}

/** A text, a list of parts with texts, or nothing yet. */
function addBefore(changes: BodyChanges, path: Path, system: string, type: string): void {
  const own = changes.at(path);
  if (Array.isArray(own)) {
    const [first] = own;
    if (!isJsonObject(first) || first['text'] !== system) changes.insert([...path, 0], { type, text: system });
    return;
  }
  const text = asString(own) ?? '';
  if (text === system || text.startsWith(system + GAP)) return;
  changes.set(path, text === '' ? system : system + GAP + text);
}

/** Takes out what is said as the operator or the system, from the given place on. */
function removeInstructions(changes: BodyChanges, list: string, from: number): void {
  const items = changes.at([list]);
  if (!Array.isArray(items)) return;
  const isGone = (item: Json, at: number): boolean => at >= from && isInstruction(item);
  const gone = items.flatMap((item, at) => (isGone(item, at) ? [at] : []));
  if (gone.length > MOST_REMOVED) {
    const kept = items.filter((item, at) => !isGone(item, at));
    changes.set([list], kept);
  } else for (const at of gone.toReversed()) changes.remove([list, at]);
}

function isInstruction(item: Json | undefined): item is JsonObject {
  return isJsonObject(item) && (item['role'] === 'system' || item['role'] === 'developer');
}
