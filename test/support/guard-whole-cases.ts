import type { Place, VerdictOutcome } from '../../src/core/screening.ts';
import type { GuardTexts } from './guard-shapes.ts';
import type { PolicyText } from './guard-house.ts';
import type { GuardSaid } from './guard-upstream.ts';

/** Policies of guards that look at answers as a whole. */
export const WHOLE_POLICIES = {
  canary: { injection: { input: 'off', canary: true } },
  'schema-block': { structured: { action: 'block', streams: 'hold' } },
  'schema-flag': { structured: { action: 'flag' } },
  'schema-repair': { structured: { action: 'block', streams: 'hold', repair: true } },
  grounding: { grounding: { action: 'block' } },
  tools: { review: { tools: [{ name: 'refund_*' }, { name: 'pay', below: 0.9 }] } },
} satisfies Readonly<Record<string, PolicyText>>;

const SCHEMA = {
  type: 'object',
  properties: { count: { type: 'integer' } },
  required: ['count'],
  additionalProperties: false,
};
const SOURCE = 'The warehouse in Lyon opened in 1987 and stores 4500 crates of apples.';

/** The word that was put into the system prompt. */
function canaryIn(body: string): string {
  return /Internal marker: (\w+)/.exec(body)?.[1] ?? 'no marker';
}

/** A guard that knows more of a request than one text. */
export interface WholeCase {
  readonly name: string;
  readonly policy: keyof typeof WHOLE_POLICIES;
  readonly guard: string;
  readonly place: Place;
  readonly texts?: Omit<GuardTexts, 'user'>;
  readonly says: (body: string, times: number) => GuardSaid;
  readonly outcome: (isStream: boolean) => VerdictOutcome;
  /** `content`: as the model said it at last. */
  readonly effect: (isStream: boolean) => 'stopped' | 'failed' | 'waits' | 'content';
  /** How often the provider is asked; once where absent. */
  readonly asked?: number;
}

export const WHOLE_CASES: readonly WholeCase[] = [
  {
    name: 'a system prompt that is told',
    policy: 'canary',
    guard: 'canary',
    place: 'output',
    texts: { system: 'You help.' },
    says: (body) => ({ text: `It says ${canaryIn(body)}.` }),
    outcome: () => 'blocked',
    effect: () => 'stopped',
  },
  {
    name: 'the marker spelled out',
    policy: 'canary',
    guard: 'canary',
    place: 'output',
    texts: { system: 'You help.' },
    says: (body) => ({ text: `It says ${canaryIn(body).split('').join('-').toUpperCase()}.` }),
    outcome: () => 'blocked',
    effect: () => 'stopped',
  },
  {
    name: 'the marker in a call',
    policy: 'canary',
    guard: 'canary',
    place: 'tool-arguments',
    texts: { system: 'You help.' },
    says: (body) => ({ text: 'I call.', args: JSON.stringify({ value: canaryIn(body) }) }),
    outcome: () => 'blocked',
    effect: () => 'stopped',
  },
  {
    name: 'a system prompt that is kept',
    policy: 'canary',
    guard: 'canary',
    place: 'output',
    texts: { system: 'You help.' },
    says: () => ({ text: 'I may not say.' }),
    outcome: () => 'passed',
    effect: () => 'content',
  },
  {
    name: 'an answer as its schema says',
    policy: 'schema-block',
    guard: 'structured',
    place: 'output',
    texts: { schema: SCHEMA },
    says: () => ({ text: '{"count":1}' }),
    outcome: () => 'passed',
    effect: () => 'content',
  },
  {
    name: 'an answer unlike its schema',
    policy: 'schema-block',
    guard: 'structured',
    place: 'output',
    texts: { schema: SCHEMA },
    says: () => ({ text: '{"count":"one"}' }),
    outcome: () => 'blocked',
    effect: () => 'failed',
  },
  {
    name: 'an answer unlike its schema',
    policy: 'schema-flag',
    guard: 'structured',
    place: 'output',
    texts: { schema: SCHEMA },
    says: () => ({ text: '{"count":"one"}' }),
    outcome: () => 'flagged',
    effect: () => 'content',
  },
  {
    name: 'an answer that is repaired',
    policy: 'schema-repair',
    guard: 'structured',
    place: 'output',
    texts: { schema: SCHEMA },
    says: (_body, times) => ({ text: times === 0 ? '{"count":"one"}' : '{"count":2}' }),
    outcome: () => 'repaired',
    effect: () => 'content',
    asked: 2,
  },
  {
    name: 'an answer that its sources do not have',
    policy: 'grounding',
    guard: 'grounding',
    place: 'output',
    texts: { result: SOURCE },
    says: () => ({ text: 'The factory in Berlin closed in 2003 after the loss of 900 workers.' }),
    outcome: (isStream) => (isStream ? 'flagged' : 'blocked'),
    effect: (isStream) => (isStream ? 'content' : 'stopped'),
  },
  {
    name: 'an answer that its sources have',
    policy: 'grounding',
    guard: 'grounding',
    place: 'output',
    texts: { result: SOURCE },
    says: () => ({ text: 'The warehouse in Lyon opened in 1987.' }),
    outcome: () => 'passed',
    effect: () => 'content',
  },
  {
    name: 'a call by name',
    policy: 'tools',
    guard: 'review',
    place: 'tool-arguments',
    says: () => ({ text: 'I refund.', tool: 'refund_order', args: '{"value":5}' }),
    outcome: () => 'review',
    effect: () => 'waits',
  },
  {
    name: 'a call that is not sure enough',
    policy: 'tools',
    guard: 'review',
    place: 'tool-arguments',
    says: () => ({ tool: 'pay', args: '{"confidence":0.5}' }),
    outcome: () => 'review',
    effect: () => 'waits',
  },
];
