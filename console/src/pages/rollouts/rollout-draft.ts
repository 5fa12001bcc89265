import { isRecord } from '../../format/is-record.ts';
import type { Kind } from './wire.ts';

/** A definition as it is typed: texts, so that what is half typed can stand. */
export interface RolloutDraft {
  readonly id: string;
  readonly model: string;
  readonly enabled: boolean;
  readonly by: string;
  /** What is set, but for the target; JSON. */
  readonly set: string;
  readonly target: string;
  /** Percent. */
  readonly share: string;
  readonly steps: string;
  readonly eachRequests: string;
  readonly eachTime: string;
  /** JSON. */
  readonly guards: string;
  readonly confidence: string;
  /** JSON. */
  readonly arms: string;
  readonly goal: string;
  readonly margin: string;
  readonly judgeTarget: string;
  readonly judgeSample: string;
  readonly judgeRubric: string;
  readonly users: string;
  readonly projects: string;
  readonly keys: string;
  readonly usd: string;
  readonly period: string;
  readonly concurrency: string;
  readonly similarity: boolean;
}

export type Definition = Readonly<Record<string, unknown>>;

/** What cannot be sent as it is typed, and where. */
export class DraftError extends Error {
  readonly field: keyof RolloutDraft;

  constructor(field: keyof RolloutDraft, message: string) {
    super(message);
    this.field = field;
  }
}

const ARMS = { control: {}, candidate: { set: { target: '' } } };

export const NEW: RolloutDraft = {
  id: '',
  model: '',
  enabled: true,
  by: 'user',
  set: '',
  target: '',
  share: '',
  steps: '1, 5, 25, 50, 100',
  eachRequests: '1000',
  eachTime: '10m',
  guards: '',
  confidence: '',
  arms: pretty(ARMS),
  goal: 'feedback',
  margin: '',
  judgeTarget: '',
  judgeSample: '',
  judgeRubric: '',
  users: '',
  projects: '',
  keys: '',
  usd: '5',
  period: 'day',
  concurrency: '',
  similarity: true,
};

function pretty(value: unknown): string {
  return JSON.stringify(value, undefined, 2);
}

function textOf(value: unknown, fallback = ''): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : fallback;
}

function listOf(value: unknown, fallback = ''): string {
  return Array.isArray(value) ? value.join(', ') : fallback;
}

function recordOf(value: unknown): Definition {
  return isRecord(value) ? value : {};
}

function percentOf(value: unknown): string {
  return typeof value === 'number' ? String(Number((value * 100).toPrecision(12))) : '';
}

/** To change what is there. */
export function draftOf(id: string, definition: Definition): RolloutDraft {
  const { target, ...set } = recordOf(definition['set']);
  const [each, judge] = [recordOf(definition['each']), recordOf(definition['judge'])];
  return {
    id,
    model: textOf(definition['model']),
    enabled: definition['enabled'] !== false,
    by: textOf(definition['by'], NEW.by),
    set: Object.keys(set).length === 0 ? '' : pretty(set),
    target: textOf(target),
    share: percentOf(definition['share']),
    steps: listOf(definition['steps'], NEW.steps),
    eachRequests: textOf(each['requests'], NEW.eachRequests),
    eachTime: textOf(each['time'], NEW.eachTime),
    guards: definition['guards'] === undefined ? '' : pretty(definition['guards']),
    confidence: textOf(definition['confidence']),
    arms: definition['arms'] === undefined ? NEW.arms : pretty(definition['arms']),
    goal: textOf(definition['goal'], NEW.goal),
    margin: textOf(definition['margin']),
    judgeTarget: textOf(judge['target']),
    judgeSample: percentOf(judge['sample']),
    judgeRubric: textOf(judge['rubric']),
    users: listOf(definition['users']),
    projects: listOf(definition['projects']),
    keys: listOf(definition['keys']),
    usd: textOf(definition['usd'], NEW.usd),
    period: textOf(definition['period'], NEW.period),
    concurrency: textOf(definition['concurrency']),
    similarity: definition['similarity'] !== false,
  };
}

type Field = keyof RolloutDraft;

function json(draft: RolloutDraft, field: Field): unknown {
  const text = String(draft[field]).trim();
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch (thrown) {
    throw new DraftError(field, thrown instanceof Error ? thrown.message : String(thrown));
  }
}

/** A number where it is one; else as it is typed, since the gateway says best what is wrong with it. */
function number(text: string): number | string | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  const value = Number(trimmed);
  return Number.isNaN(value) ? trimmed : value;
}

function part(text: string): number | string | undefined {
  const value = number(text);
  return typeof value === 'number' ? Number((value / 100).toPrecision(12)) : value;
}

function names(text: string): string[] | undefined {
  const found = text.split(/[,，\n]/).map((name) => name.trim());
  const whole = found.filter((name) => name !== '');
  return whole.length === 0 ? undefined : whole;
}

function setOf(draft: RolloutDraft): unknown {
  const own = json(draft, 'set') ?? {};
  const target = draft.target.trim();
  return target === '' || !isRecord(own) ? own : { target, ...own };
}

function judgeOf({ judgeTarget, judgeSample, judgeRubric }: RolloutDraft): Definition | undefined {
  const [target, rubric] = [judgeTarget.trim(), judgeRubric.trim()];
  if (target === '') return undefined;
  return said({ target, sample: part(judgeSample), rubric: rubric === '' ? undefined : rubric });
}

function said(fields: Definition): Definition {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

const BODIES: Readonly<Record<Kind, (draft: RolloutDraft) => Definition>> = {
  canaries: (draft) => ({
    by: draft.by,
    set: setOf(draft),
    steps: names(draft.steps)?.map((step) => number(step)),
    each: said({ requests: number(draft.eachRequests), time: draft.eachTime.trim() || undefined }),
    guards: json(draft, 'guards'),
    confidence: number(draft.confidence),
    judge: judgeOf(draft),
  }),
  experiments: (draft) => ({
    by: draft.by,
    share: part(draft.share),
    arms: json(draft, 'arms'),
    goal: draft.goal,
    margin: number(draft.margin),
    confidence: number(draft.confidence),
    judge: judgeOf(draft),
  }),
  shadows: (draft) => ({
    set: setOf(draft),
    share: part(draft.share),
    usd: number(draft.usd),
    period: draft.period,
    concurrency: number(draft.concurrency),
    similarity: draft.similarity ? undefined : false,
    judge: judgeOf(draft),
  }),
  flags: (draft) => ({
    by: draft.by,
    set: setOf(draft),
    share: part(draft.share),
    users: names(draft.users),
    projects: names(draft.projects),
    keys: names(draft.keys),
  }),
};

/** As `PUT` takes it. @throws DraftError */
export function bodyOf(kind: Kind, draft: RolloutDraft): Definition {
  const enabled = draft.enabled ? undefined : false;
  return said({ model: draft.model.trim(), enabled, ...BODIES[kind](draft) });
}

const PLACES: readonly (readonly [prefix: string, field: Field])[] = [
  ['each.requests', 'eachRequests'],
  ['each.time', 'eachTime'],
  ['judge.sample', 'judgeSample'],
  ['judge.rubric', 'judgeRubric'],
  ['judge', 'judgeTarget'],
  ['set.target', 'target'],
];

/** The field that the gateway means. */
export function fieldAt(param: string | undefined): Field | undefined {
  if (param === undefined) return undefined;
  const [, placed] = PLACES.find(([prefix]) => param === prefix || param.startsWith(`${prefix}.`)) ?? [];
  if (placed !== undefined) return placed;
  const [name = ''] = param.split(/[.[]/);
  return (Object.keys(NEW) as Field[]).find((field) => field === name);
}
