import type { Call } from '../../../core/call.ts';
import type { Clock } from '../../../core/clock.ts';
import type { ModelCatalog } from '../../../models/catalog.ts';
import type { GroundingSettings } from '../grounding/settings.ts';
import type { RefusalLanguage } from '../refusal.ts';
import type { ParkAnswer } from './park.ts';

/** How much of an answer its sources say. */
export interface GroundedAnswer {
  /** The part of its claims that they support, 0 to 1. */
  readonly score: number;
  readonly claims: number;
  readonly unsupported: number;
  /** It is longer than what was looked at. */
  readonly isPartial?: boolean | undefined;
}

/** @throws JudgeFailed where somebody was asked and did not say */
export type GroundAnswer = (asked: {
  readonly settings: GroundingSettings;
  readonly sources: readonly string[];
  /** As the model said it, with the marks that stand for values of its client. */
  readonly answer: string;
  readonly call: Call;
}) => Promise<GroundedAnswer>;

export interface OutputDeps {
  readonly clock: Clock;
  catalog(): ModelCatalog;
  /** Answers that somebody has to approve are refused where it is absent. */
  readonly park?: ParkAnswer | undefined;
  /** Answers are not held against their sources where it is absent. */
  readonly ground?: GroundAnswer | undefined;
}

/** What stands in the place of values of the client. */
export interface Marks {
  readonly isEmpty: boolean;
  /** How many units at the end may begin a mark. */
  heldOf(end: string): number;
  /** With the values in place of their marks. */
  restore(text: string): string;
  /** The same in JSON text: values are escaped as within a string. */
  restoreJson(text: string): string;
}

/** What the request left for its answer. */
export interface Given {
  readonly vault: Marks;
  /** The secret word that stands in the system prompt. */
  readonly canary?: string | undefined;
  /** The texts that the answer is held against, as the model got them. */
  readonly sources: readonly string[];
  /** In which a refusal speaks; English where absent. */
  readonly language?: RefusalLanguage | undefined;
}
