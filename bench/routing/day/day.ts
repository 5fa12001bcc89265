import { type Random, integerBetween, seededRandom } from '../../../src/models/simulator/random.ts';
import { shuffled, zipfDraws } from '../../cache/random.ts';
import type { Intent } from './intents.ts';

interface Turn {
  readonly role: 'user' | 'assistant';
  readonly content: string;
}

export interface DayRequest {
  /** Seconds since midnight. */
  readonly at: number;
  readonly turns: readonly Turn[];
  readonly label: 'simple' | 'complex';
  readonly kind: 'suggested' | 'typed' | (typeof COMPLEX_KINDS)[number];
}

/**
 * What makes the day; each is an assumption.
 * - Few intents make most of what customers ask: the n-th most popular of the 77 comes with 1/n.
 * - Chat windows suggest questions, and help pages link to them: those come with the very same words. The others are
 *   typed, of which popular wordings come again as well, much less so.
 * - Some cases are not for a FAQ: several matters in one letter, or in a conversation.
 */
export interface DayPlan {
  readonly requests: number;
  /** Of the simple ones: with the words of a suggestion. */
  readonly suggested: number;
  readonly complex: number;
  /** Nobody types what was typed before: of the data only so many wordings are there, and a real day has more. */
  readonly isNeverTypedAgain?: boolean;
  readonly seed: number;
}

export const USUAL_DAY = { requests: 10_000, suggested: 0.4, complex: 0.06 } as const;
export const INTENT_POPULARITY = 1;
export const WORDING_POPULARITY = 0.5;

/** How a complex case is put: with words that say so, in mere sentences, or over a conversation. */
export const COMPLEX_KINDS = ['letter', 'several', 'conversation'] as const;

const SECONDS = 86_400;

export function makeDay(intents: readonly Intent[], plan: DayPlan): DayRequest[] {
  const { requests, suggested, complex, seed } = plan;
  const random = seededRandom(seed);
  const asked = zipfDraws(intents, requests, INTENT_POPULARITY, random);
  const typed = new Map(
    intents.map((intent) => [intent, zipfDraws(intent.wordings, requests, WORDING_POPULARITY, random)]),
  );
  let count = 0;
  const wording = (intent: Intent): string => {
    const text = typed.get(intent)?.pop() ?? intent.name;
    return plan.isNeverTypedAgain === true ? `${text} #${(count += 1)}` : text;
  };
  return asked.map((intent, nth) => {
    const at = (nth / requests) * SECONDS;
    if (random() < complex) return { at, ...complexCase([intent, ...others(intents, random)], wording, random) };
    if (random() < suggested) return { at, label: 'simple', kind: 'suggested', turns: says(intent.wordings[0] ?? '') };
    return { at, label: 'simple', kind: 'typed', turns: says(wording(intent)) };
  });
}

function says(content: string): Turn[] {
  return [{ role: 'user', content }];
}

/** Two or three more. */
function others(intents: readonly Intent[], random: Random): Intent[] {
  return shuffled(intents, random).slice(0, integerBetween(random, 2, 3));
}

const OPENINGS = [
  'I have been a customer for six years and I am losing patience.',
  'Several things went wrong with my account this month and I would like them sorted out together.',
  'Please read all of this before you answer.',
];
const LINKS = ['Besides,', 'On top of that,', 'And as if that were not enough:', 'Something else:'];
const DEMANDS = [
  'Tell me for each of these what happened, what I have to do and in which order, and what it will cost me.',
  'I want to know how these are connected, and which of the charges I can dispute.',
  'Which of these should I settle first, and what are my options if the first one fails?',
];
const ANSWERS = [
  'Thank you for the details. Could you tell me when that happened and which card you used?',
  'I see. We have looked into it, and the payment is still pending at the merchant.',
  'I understand. Was there anything else that you noticed on your statement?',
];

function complexCase(
  intents: readonly Intent[],
  wording: (intent: Intent) => string,
  random: Random,
): Pick<DayRequest, 'label' | 'kind' | 'turns'> {
  const texts = intents.map((intent) => wording(intent));
  const one = (list: readonly string[]): string => list[Math.floor(random() * list.length)] ?? '';
  const kind = COMPLEX_KINDS[integerBetween(random, 0, COMPLEX_KINDS.length - 1)] ?? 'letter';
  if (kind === 'several') return { label: 'complex', kind, turns: says(texts.join(' ')) };
  if (kind === 'letter') {
    const linked = texts.map((text, nth) => (nth === 0 ? text : `${one(LINKS)} ${text}`));
    return { label: 'complex', kind, turns: says([one(OPENINGS), ...linked, one(DEMANDS)].join(' ')) };
  }
  const turns = texts.slice(0, -1).flatMap((text): Turn[] => [
    { role: 'user', content: text },
    { role: 'assistant', content: one(ANSWERS) },
  ]);
  return {
    label: 'complex',
    kind,
    turns: [...turns, ...says(`${texts.at(-1) ?? ''} How does that fit with the rest?`)],
  };
}
