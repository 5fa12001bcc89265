import type { JsonObject } from '../../core/json.ts';

/** What there is to know, and what the log says of it. A new kind is one line here. */
export const EVENT_KINDS = {
  budget_threshold: 'a budget has reached a threshold',
  suspicious_use: 'a client is used in a way that is suspicious',
  objective_burn: 'a model uses up the error budget of an objective too fast',
  counters_degraded: 'the shared counters of limits and budgets do not answer',
  prompt_cache_fell: 'far less of the prompts of a model is read from the cache of its provider than before',
  canary_rolled_back: 'a canary made something worse and was taken back',
  canary_promoted: 'a canary has gone on, to more of the requests or to all',
  canary_holding: 'a canary waits for somebody to decide',
  experiment_verdict: 'it is clear how an experiment ends',
  sample_ratio_mismatch: 'the arms of an experiment or a canary do not have their parts of the requests',
  shadow_budget_spent: 'the budget of a shadow is used up, so that nothing is mirrored until the next period',
  review_waiting: 'somebody has to decide about a request or an answer',
  guard_failing: 'a guard cannot do its work',
  sign_in_failed: 'somebody tries keys of operators that are not right',
  audit_failed: 'a change could not be written into the audit log',
  alert: 'a rule of alerts has come true',
} as const satisfies Record<string, string>;

export type EventKind = keyof typeof EVENT_KINDS;

export const SEVERITIES = ['info', 'warning', 'critical'] as const;
export type EventSeverity = (typeof SEVERITIES)[number];

/** Something that an operator should know, once. */
export interface NewEvent {
  readonly kind: EventKind;
  readonly severity: EventSeverity;
  /** Who or what it is about, e.g. `key:key_3f9c…`. */
  readonly subject: string;
  /** Two events with the same are one, also of two replicas, until it is resolved; each is its own where absent. */
  readonly dedupe?: string | undefined;
  /** Numbers and names that show it, and never texts of clients. Secrets are taken out, and what is over 16 KB. */
  readonly evidence: JsonObject;
}

/** An event that this process was the first to tell of. */
export interface ToldEvent {
  readonly id: string;
  readonly at: Date;
  readonly event: NewEvent;
}

/** What an event told of is over, and this process was the first to say so. */
export interface ResolvedEvent {
  readonly dedupe: string;
  readonly at: Date;
  /** Undefined where this process did not raise it. */
  readonly event: NewEvent | undefined;
}

/** Where events are told. Neither waits nor throws. */
export interface Events {
  raise(event: NewEvent): void;
  /** What was told under this dedupe key is over; the next one under it is told again. */
  resolve(dedupe: string): void;
}

/** An event as it is kept. */
export interface StoredEvent {
  readonly id: string;
  readonly at: Date;
  readonly kind: string;
  readonly severity: string;
  readonly subject: string;
  readonly dedupe: string | null;
  readonly evidence: unknown;
  readonly resolvedAt: Date | null;
}
