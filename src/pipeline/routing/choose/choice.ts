import type { Call } from '../../../core/call.ts';
import type { Candidate, RoutePlan } from '../../../core/routing.ts';
import type { ModelCatalog } from '../../../models/catalog.ts';
import type { RoutingSignals } from '../signals/routing-signals.ts';
import type { Manner, TargetSignals } from '../signals/target-signals.ts';

/** One of the targets that may be chosen, and what stands in its way. */
export interface Seen extends Candidate {
  /** `provider/model` */
  readonly name: string;
  /** In the plan, from 0. */
  readonly position: number;
  /** What it cannot do for this request, as words that follow its name. */
  readonly lacks: string | undefined;
  /** It failed too often and is left alone now. */
  readonly isOpen: boolean;
}

/** What a policy works with: one call and one plan, at one moment. */
export interface Choice {
  readonly call: Call;
  readonly plan: RoutePlan;
  readonly catalog: ModelCatalog;
  readonly signals: RoutingSignals;
  /** From 0 to just under 1. */
  readonly random: () => number;
  /** Monotonic milliseconds. */
  readonly at: number;
  /** About how long its prompt is, tokens; worked out where it is asked for. */
  readonly inputTokens: number;
}

/** Targets in the order in which they are asked, and why the first one is it. */
export interface Ordered {
  readonly order: readonly Seen[];
  /** A sentence without its end. */
  readonly why: string;
}

/** A way to put targets in order. @param able at least one */
export type Policy = (choice: Choice, able: readonly Seen[]) => Ordered;

/** How the time of answers to a call is measured. */
export function mannerOf({ call }: Choice): Manner {
  return call.facts.stream ? 'streamed' : 'whole';
}

export function signalsOf({ signals }: Choice, { name }: Seen): TargetSignals {
  return signals.of(name);
}

/** The virtual model, by which lengths of answers are told apart. */
export function modelOf({ assignment, facts }: Call): string {
  return assignment?.virtualModel ?? facts.model;
}
