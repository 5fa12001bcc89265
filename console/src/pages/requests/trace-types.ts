import { isRecord } from '../../format/is-record.ts';
import type { paths } from '../../api/schema.gen.ts';

type Answer<Path extends keyof paths> = paths[Path] extends {
  get: { responses: { 200: { content: { 'application/json': infer Body } } } };
}
  ? Body
  : never;

export type Trace = Answer<'/admin/v1/traces/{id}'>;
export type ListedTrace = Answer<'/admin/v1/traces'>['data'][number];
export type Attempt = Trace['attempts'][number];
export type Span = Trace['spans'][number];
export type Opinion = Trace['feedback'][number];
export type Conversation = Answer<'/admin/v1/conversations'>['data'][number];
export type Thread = Answer<'/admin/v1/conversations/{id}'>;
export type ThreadTurn = Thread['data'][number];

/** What one guard said at one place; the description of the API leaves its form open. */
export interface Verdict {
  readonly guard: string;
  readonly place: string;
  readonly outcome: string;
  readonly score?: number;
  readonly found?: Readonly<Record<string, number>>;
  readonly ofAnswer?: boolean;
  readonly went?: string;
  readonly micros?: number;
  readonly detail?: unknown;
}

/** One change of the client's body. */
export interface Patch {
  readonly op: 'set' | 'insert' | 'remove';
  readonly path: string;
  readonly value?: unknown;
}

function isVerdict(one: unknown): one is Verdict {
  return isRecord(one) && [one['guard'], one['place'], one['outcome']].every((part) => typeof part === 'string');
}

function isPatch(one: unknown): one is Patch {
  return isRecord(one) && typeof one['op'] === 'string' && typeof one['path'] === 'string';
}

export function verdictsOf(value: unknown): readonly Verdict[] {
  return Array.isArray(value) ? value.filter(isVerdict) : [];
}

export function patchesOf(value: unknown): readonly Patch[] {
  return Array.isArray(value) ? value.filter(isPatch) : [];
}

export function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))) : [];
}

/** Outcomes at which a guard did something, the gravest first. */
const GRAVE = ['blocked', 'review', 'failed', 'redacted', 'repaired', 'flagged'] as const;
export type GuardMark = (typeof GRAVE)[number];

/** The gravest of what guards said; undefined where they let it pass, or there were none. */
export function guardMark(verdicts: readonly Verdict[]): GuardMark | undefined {
  return GRAVE.find((outcome) => verdicts.some((verdict) => verdict.outcome === outcome));
}
