import { hash } from 'node:crypto';

import type { Target } from '../../core/call.ts';
import type { Json } from '../../core/json.ts';
import { NANO_PER_USD, type NanoUsd } from '../../core/money.ts';
import type { PeriodKind } from '../../core/period.ts';

/** Who says which of two answers is better. */
export interface ShadowJudge {
  readonly target: Target;
  /** The part of the pairs that is judged, 0 to 1. */
  readonly sample: number;
  readonly rubric?: string | undefined;
}

/** What the configuration, or the admin API, says of a shadow. */
export interface ShadowSettings<Set extends object> {
  readonly model: string;
  readonly enabled: boolean;
  readonly set: Set;
  readonly share: number;
  readonly concurrency: number;
  /** Dollars in a period. */
  readonly usd: number;
  readonly period: PeriodKind;
  readonly similarity: boolean;
  readonly judge?: ShadowJudge | undefined;
}

/** A candidate that gets a copy of some requests of a virtual model after they are answered. */
export interface ShadowDefinition<Set extends object = object> {
  readonly id: string;
  readonly origin: 'file' | 'admin';
  /** The virtual model. */
  readonly model: string;
  readonly enabled: boolean;
  /** What the candidate has in place of the model's own settings. */
  readonly set: Set;
  /** The part of the requests that is mirrored, 0 to 1. */
  readonly share: number;
  /** How many are under way at once in this process. */
  readonly concurrency: number;
  /** What it may spend in a period. */
  readonly nanoUsd: NanoUsd;
  readonly period: PeriodKind;
  /** What the answers mean is compared. */
  readonly similarity: boolean;
  readonly judge: ShadowJudge | undefined;
  /** Changes with what is compared, so that sums of another comparison are not added to it. */
  readonly run: string;
}

/** A shadow as it stands, in force or not. */
export interface ListedShadow {
  readonly id: string;
  readonly origin: ShadowDefinition['origin'];
  /** Undefined where what was stored cannot be read any more. */
  readonly definition: ShadowDefinition | undefined;
  /** As it was sent; undefined of those of the file. */
  readonly written: Json | undefined;
  /** Why it is not in force although it may be enabled. */
  readonly problem: string | undefined;
}

/** The shadows there are, kept in memory. */
export interface Shadows {
  /** Those that are enabled for a virtual model. */
  of(model: string): readonly ShadowDefinition[];
  /** Those that can be read. */
  all(): readonly ShadowDefinition[];
  /** All, also those that cannot be read any more. */
  list(): readonly ListedShadow[];
}

/** What else tells one comparison from the next. */
interface Compared {
  /** Of one that was made through the admin API: another of the same name is another. */
  readonly createdAt?: Date | undefined;
  /** Of the settings of both sides; they change with everything that answers depend on. */
  readonly versions?: readonly unknown[];
}

export function shadowOf<Set extends object>(
  id: string,
  origin: ShadowDefinition['origin'],
  { model, enabled, set, share, concurrency, usd, period, similarity, judge }: ShadowSettings<Set>,
  { createdAt, versions = [] }: Compared = {},
): ShadowDefinition<Set> {
  const nanoUsd = Math.round(usd * NANO_PER_USD);
  const compared = [model, set, judge?.target, judge?.rubric, createdAt?.getTime(), versions];
  const run = digestOf(compared);
  return { id, origin, model, enabled, set, share, concurrency, nanoUsd, period, similarity, judge, run };
}

function digestOf(value: unknown): string {
  const said = JSON.stringify(value, (_, one: unknown) => (one instanceof Map ? [...one] : one));
  return hash('sha256', said).slice(0, 16);
}
