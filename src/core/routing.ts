import type { Target } from './call.ts';

/** How demanding a request is, the least first. */
export const TIERS = ['simple', 'medium', 'complex', 'reasoning'] as const;
export type Tier = (typeof TIERS)[number];

/** What a client asks to be favoured, with `x-causeway-prefer`. */
export const PREFERENCES = ['latency', 'quality', 'cost'] as const;
export type Preference = (typeof PREFERENCES)[number];

/** By what the first of several targets is chosen. */
export const ROUTE_POLICIES = ['order', 'weight', 'latency', 'cost', 'load', 'need', 'complexity'] as const;
export type RoutePolicyName = (typeof ROUTE_POLICIES)[number];

/** A target that a virtual model may choose. */
export interface Candidate {
  readonly target: Target;
  /** Its part of the requests is this by the sum of all. */
  readonly weight: number;
  /** How good its answers are beside the others', 0 to 1; the order in which they stand where nobody says so. */
  readonly quality: number | undefined;
  /** The tiers that it is for; empty: any. */
  readonly tiers: readonly Tier[];
}

/** From the lower to the higher, both included. */
export interface NumberRange {
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** Hours of the days of a week. Minutes since midnight; `until` below `from` is past midnight. */
export interface Hours {
  readonly from: number;
  readonly until: number;
  /** 1 is Monday, 7 Sunday; empty: every day. */
  readonly days: readonly number[];
  readonly timeZone: string;
}

/** What has to be so of a request; everything that is named. */
export interface RouteConditions {
  readonly endpoints?: readonly string[];
  readonly projects?: readonly string[];
  readonly users?: readonly string[];
  /** Members of the request's metadata, and one of the values that each has to have. */
  readonly metadata?: ReadonlyMap<string, readonly string[]>;
  /** Of the last message: `zh`, `ja`, `ko`, `ru`, `ar`, … or `latin`. */
  readonly languages?: readonly string[];
  /** Characters of all texts. */
  readonly length?: NumberRange;
  /** Messages of the conversation. */
  readonly messages?: NumberRange;
  readonly tools?: boolean;
  readonly images?: boolean;
  /** Something personal or secret is in its texts. */
  readonly sensitive?: boolean;
  readonly hours?: Hours;
  /** The highest part that is used of any budget that it counts for, 0 to 1. */
  readonly budgetUsed?: NumberRange;
}

/** Where requests go that fulfil conditions: to these targets and no others. */
export interface RouteRule {
  readonly name: string;
  readonly when: RouteConditions;
  /** It does not hold where all of these do. */
  readonly unless: RouteConditions | undefined;
  readonly targets: readonly Target[];
  readonly by: 'order' | 'weight' | 'latency' | 'cost' | 'load';
}

/** Who says how demanding a request is. */
export interface ComplexityPolicy {
  readonly kind: 'rules' | 'embedding' | 'model';
  /** Asked by the kind `model`. */
  readonly model: Target | undefined;
  /** Until the model is given up, milliseconds. */
  readonly timeoutMs: number;
  /** Questions that are always simple. */
  readonly faq: readonly string[];
  /** From which score on, 0 to 1, a request is of a tier; the usual ones where absent. */
  readonly thresholds: { readonly medium?: number; readonly complex?: number; readonly reasoning?: number };
}

/** A cheap answer first, which is checked. */
export interface CascadePolicy {
  readonly to: Target;
  readonly check: 'logprobs' | 'self-check' | 'validator' | 'judge';
  /** A lower confidence goes on to `to`. */
  readonly atLeast: number;
  /** Who judges. */
  readonly judge: Target | undefined;
  readonly validator: {
    readonly json: boolean;
    /** A pattern of RE2 that a good answer contains. */
    readonly matches: string | undefined;
    readonly minChars: number | undefined;
    /** Words of which a good answer has none. */
    readonly without: readonly string[];
  };
  /** Whether streamed answers are held until they are checked; they go to `to` at once otherwise. */
  readonly streams: 'hold' | 'skip';
  /** Until a check is given up, milliseconds. */
  readonly timeoutMs: number;
}

/** How a virtual model chooses among its targets. */
export interface RoutePlan {
  readonly by: RoutePolicyName;
  readonly candidates: readonly Candidate[];
  readonly rules: readonly RouteRule[];
  /** Who stays with a target: by weight and by load, requests with the same have the same target. */
  readonly sticky: 'none' | 'user' | 'conversation' | 'prefix';
  readonly complexity: ComplexityPolicy | undefined;
  readonly cascade: CascadePolicy | undefined;
  /** What everything would have been sent to, for what routing saved; the dearest of the targets where absent. */
  readonly reference: Target | undefined;
}

/** Why a call goes where it goes, on its trace. */
export interface RoutingDecision {
  readonly policy: RoutePolicyName | 'rule';
  /** `provider/model` that is asked first. */
  readonly target: string;
  /** For people, one sentence. */
  readonly reason: string;
  /** The rule's name, where one decided. */
  readonly rule?: string | undefined;
  readonly tier?: Tier | undefined;
  /** How demanding the request is, 0 to 1. */
  readonly score?: number | undefined;
  /** Of a cascade: how sure the first answer was, and where it went on. */
  readonly cascade?: CascadeOutcome | undefined;
}

interface CascadeOutcome {
  /** `provider/model` */
  readonly first: string;
  readonly check: CascadePolicy['check'];
  /** 0 to 1; undefined where it could not be found out. */
  readonly confidence: number | undefined;
  /** `provider/model` where it went on; undefined where the first answer was good enough. */
  readonly escalatedTo: string | undefined;
  /** The first answer was given although it was not sure enough, since there was no better one. Another time there may be. */
  readonly stands?: boolean;
}

/** A request that is tried out on: by a flag, an experiment or a canary. */
export interface RolloutPart {
  readonly kind: 'route' | 'flag' | 'experiment' | 'canary';
  readonly id: string;
  /** Of experiments and canaries; `on` of flags. */
  readonly arm: string;
  /** Tells one run of it from the next. */
  readonly run: string;
  /** The part of the run, in which shares do not change; absent of flags. */
  readonly step?: number;
}

/** The parameters that a virtual model sets in every request, in place of what the client sent. */
export interface FixedParameters {
  readonly temperature?: number;
  readonly topP?: number;
  readonly maxOutputTokens?: number;
  readonly reasoningEffort?: 'minimal' | 'low' | 'medium' | 'high';
}

/** A prompt that a virtual model puts in. */
export interface FixedPrompt {
  /** `name@semver` */
  readonly version: string;
  /** Before the client's own system prompt, or in its place. */
  readonly system: string;
  readonly mode: 'before' | 'replace';
}
