import type { BodyPatch } from '../../../core/body-patch.ts';
import type { Call } from '../../../core/call.ts';
import { type Json, asString, isJsonObject } from '../../../core/json.ts';
import { scriptOf } from '../../../core/texts/script.ts';
import type { Policies } from '../engine/guard-policy.ts';
import { canaryNotice, canaryWord } from '../injection/canary.ts';
import { markUntrusted, markingNotice, nonceOf } from '../injection/mark.ts';
import type { TextSlot } from '../slots/slot.ts';
import type { Change } from './change-body.ts';

/** Between the client's words and ours. */
const GAP = '\n\n';

export interface Guidance {
  /** The word that was put into a system prompt. */
  readonly canary: string | undefined;
  /** What is to be set beside the texts. */
  readonly changes: readonly Change[];
  /** What has to be done after all else, since it moves what is behind it. */
  readonly patches: readonly BodyPatch[];
  /** By how much the body grows by these alone. */
  readonly bytes: number;
}

export const NO_GUIDANCE: Guidance = { canary: undefined, changes: [], patches: [], bytes: 0 };

/** Whether policies have something said to the model that is not the client's. */
export function isGuided({ operation }: Call, policies: Policies): boolean {
  if (operation !== 'chat') return false;
  for (const { settings } of policies) if (settings.injection?.mark || settings.injection?.canary) return true;
  return false;
}

/**
 * Puts what tools and searches brought between marks, tells the model what the marks mean, and puts a secret word into
 * the system prompt, as the policies say, where the call {@link isGuided}.
 * @param texts what slots have become so far; those that are changed here are set
 */
export function addGuidance(
  call: Call,
  policies: Policies,
  slots: readonly TextSlot[],
  texts: Map<TextSlot, string>,
  { secret }: { readonly secret: string },
): Guidance {
  const isMarking = policies.some(({ settings: { injection } }) => injection?.mark === true);
  const guarded = policies.find(({ settings: { injection } }) => injection?.canary === true);
  const project = call.principal?.project ?? '';
  const changes = isMarking ? markSlots(slots, texts, `${secret}\0${project}`) : undefined;
  const system = slots.find(
    ({ role, place, encoding }) => role === 'system' && place === 'input' && encoding === 'plain',
  );
  const canary = guarded && system ? canaryWord(secret, project, guarded.version) : undefined;
  const said = [
    ...(changes?.isMarked ? [markingNotice(undefined, languageOf(slots))] : []),
    ...(canary === undefined ? [] : [canaryNotice(canary)]),
  ];
  const set = changes?.set ?? [];
  const bytes = set.reduce((sum, { grown }) => sum + grown, 0);
  if (said.length === 0) return { ...NO_GUIDANCE, changes: set, bytes };
  const notice = said.join(GAP);
  if (system) {
    texts.set(system, (texts.get(system) ?? system.text) + GAP + notice);
    return { ...NO_GUIDANCE, canary, changes: set, bytes };
  }
  const patch = newSystem(call, notice);
  return {
    canary,
    changes: set,
    patches: patch ? [patch] : [],
    bytes: bytes + (patch ? Buffer.byteLength(notice) + 64 : 0),
  };
}

interface Marked {
  /** Something is between marks. */
  readonly isMarked: boolean;
  /** What becomes something else than its slot's text. */
  readonly set: readonly (Change & { readonly grown: number })[];
}

/** The same text has the same marks in each turn, so that prompts begin alike. */
function markSlots(slots: readonly TextSlot[], texts: Map<TextSlot, string>, secret: string): Marked {
  const set: (Change & { readonly grown: number })[] = [];
  let isMarked = false;
  for (const slot of slots) {
    if (slot.place !== 'tool-results' && slot.place !== 'retrieved') continue;
    const text = texts.get(slot) ?? slot.text;
    const marked = markUntrusted(text, nonceOf(secret, text));
    if (slot.encoding === 'plain') texts.set(slot, marked);
    else if (slot.path.endsWith('/response')) {
      // The result of a function of Gemini's has to be an object, and this is its word for the whole of it.
      texts.delete(slot);
      set.push({ path: slot.path, value: { output: marked }, grown: marked.length - slot.text.length + 16 });
    } else continue;
    isMarked = true;
  }
  return { isMarked, set };
}

/** Of what stays the same from turn to turn: the first text. */
function languageOf(slots: readonly TextSlot[]): 'en' | 'zh' {
  const first = slots.find(({ message, role }) => message >= 0 || role === 'system');
  return first && scriptOf(first.text) === 'zh' ? 'zh' : 'en';
}

/** A system prompt where there is none yet. */
function newSystem({ dialect, body, warnings }: Call, notice: string): BodyPatch | undefined {
  const { resolved } = body;
  switch (dialect) {
    case 'openai':
      return { op: 'insert', path: '/messages/0', value: { role: 'system', content: notice } };
    case 'responses':
      return { op: 'set', path: '/instructions', value: notice };
    case 'anthropic':
      return { op: 'set', path: '/system', value: notice };
    default: {
      if (isThere(resolved['cachedContent']) || isThere(resolved['cached_content'])) {
        warnings.push(
          'systemInstruction: what the guards’ marks mean is left out: what is cached at Google has its own',
        );
        return undefined;
      }
      const name = isThere(resolved['system_instruction']) ? 'system_instruction' : 'systemInstruction';
      return { op: 'set', path: `/${name}`, value: { parts: [{ text: notice }] } };
    }
  }
}

function isThere(value: Json | undefined): boolean {
  return isJsonObject(value) || asString(value) !== undefined;
}
