import type { Target } from '../../../core/call.ts';
import type { Place } from '../../../core/screening.ts';
import type { Action, OnFailure } from '../actions.ts';
import type { GroundingSettings } from '../grounding/settings.ts';
import type { Scanner } from '../scan/scanner.ts';
import type { WordLists } from '../scan/scanning.ts';
import type { GuardPolicySettings } from '../settings.ts';
import type { Role } from '../slots/slot.ts';
import type { StructuredSettings } from '../structured/settings.ts';
import type { ValidationSettings } from '../validation/settings.ts';
import type { ReviewSettings } from '../review/settings.ts';
import type { Judge } from './judge.ts';

/** No target may see what others may not: of most guards. */
export const NOBODY_EXEMPT = (): boolean => false;

interface AnyGuard {
  /** As verdicts name it. */
  readonly name: string;
  readonly actions: Readonly<Record<Place, Action>>;
  readonly threshold: number;
  /** Whose texts it looks at; all where absent. What a model is to go on writing counts as the user's. */
  readonly roles?: ReadonlySet<Role> | undefined;
  /** The policy says itself what follows in arguments of tools: it looks at all of them, whosever they are. */
  readonly looksAtArguments?: boolean | undefined;
  /** Whether a target may see what others may not. */
  isExempt(target: Target): boolean;
  readonly onFailure: OnFailure;
}

/** A guard that looks at texts by itself. */
export interface ScanningGuard extends AnyGuard {
  readonly scanner: Scanner;
}

/** A guard that asks somebody. */
export interface AskingGuard extends AnyGuard {
  readonly judge: Judge;
  readonly timeoutMs: number;
  /** Asked only where the signs of an injection stay below their threshold. */
  readonly secondOpinion: boolean;
}

/** A policy as it is in force: built once for each configuration. */
export interface GuardPolicy {
  readonly name: string;
  /** Changes with its settings and with the program. */
  readonly version: string;
  readonly settings: GuardPolicySettings;
  /** The operator's own lists, with what stands in files. */
  readonly words: WordLists;
  readonly scanning: readonly ScanningGuard[];
  readonly asking: readonly AskingGuard[];
  readonly validation: ValidationSettings | undefined;
  readonly structured: StructuredSettings | undefined;
  readonly grounding: GroundingSettings | undefined;
  readonly review: ReviewSettings | undefined;
  /** What was replaced in a request comes back in its answer. */
  readonly isReversible: boolean;
}

/** The policies that one call falls under, the project's first; at least one. */
export type Policies = readonly [GuardPolicy, ...GuardPolicy[]];
