import type { Target } from '../../core/call.ts';
import type { Json } from '../../core/json.ts';
import type { ArmMetric, RolloutUnit } from './settings.ts';

/** What can be tried of a virtual model. `route`: another route for everybody, set through the admin API. */
export const ROLLOUT_KINDS = ['route', 'flag', 'experiment', 'canary', 'shadow'] as const;
export type RolloutKind = (typeof ROLLOUT_KINDS)[number];

/** Settings in place of a virtual model's own. Whoever makes assignments of them knows what is in it. */
export type Variant = object;

interface OfModel {
  /** The virtual model. */
  readonly model: string;
  readonly enabled: boolean;
}

export interface RouteOverride extends OfModel {
  readonly set: Variant;
}

export interface FlagDefinition extends OfModel {
  readonly by: RolloutUnit;
  /** 0 to 1. */
  readonly share?: number;
  readonly users: readonly string[];
  readonly projects: readonly string[];
  readonly keys: readonly string[];
  readonly set: Variant;
}

/** Left out it is all of them, or none where somebody is named. */
export function shareOfFlag({ share, users, projects, keys }: FlagDefinition): number {
  return share ?? (users.length + projects.length + keys.length > 0 ? 0 : 1);
}

/** Who judges a part of the answers. */
export interface JudgeDefinition {
  readonly target: Target;
  /** Of the answers, 0 to 1. */
  readonly sample: number;
  readonly rubric?: string;
}

interface ArmDefinition {
  readonly weight: number;
  readonly set?: Variant;
}

export interface ExperimentDefinition extends OfModel {
  readonly by: RolloutUnit;
  /** Of those who take part, 0 to 1. */
  readonly share: number;
  /** The first is the control. */
  readonly arms: ReadonlyMap<string, ArmDefinition>;
  readonly goal: ArmMetric;
  readonly margin: number;
  readonly confidence: number;
  readonly judge?: JudgeDefinition;
}

export interface CanarySettings extends OfModel {
  readonly by: RolloutUnit;
  readonly set: Variant;
  /** Percent. */
  readonly steps?: readonly number[];
  readonly each: { readonly requests: number; /** Milliseconds. */ readonly time: number };
  readonly guards?: readonly { readonly metric: ArmMetric; readonly tolerance: number }[];
  readonly confidence: number;
  readonly judge?: JudgeDefinition;
}

/** What each kind is, read. Of shadows no more is known here than whose they are. */
export interface DefinitionOf {
  readonly route: RouteOverride;
  readonly flag: FlagDefinition;
  readonly experiment: ExperimentDefinition;
  readonly canary: CanarySettings;
  readonly shadow: OfModel;
}

/** Something that is wrong with a definition, by the key at which it stands. */
export interface DefinitionProblem {
  readonly key: string;
  readonly message: string;
}

/** A definition as it was sent, read by the rules of the configuration file; or everything that is wrong with it. */
export type ReadDefinition = <Kind extends RolloutKind>(
  kind: Kind,
  id: string,
  body: unknown,
) =>
  | { readonly definition: DefinitionOf[Kind] }
  | { readonly definition?: never; readonly problems: readonly DefinitionProblem[] };

/** Those of the configuration file. */
export interface FileRollouts {
  readonly flags: ReadonlyMap<string, FlagDefinition>;
  readonly experiments: ReadonlyMap<string, ExperimentDefinition>;
  readonly canaries: ReadonlyMap<string, CanarySettings>;
  readonly shadows: ReadonlyMap<string, DefinitionOf['shadow']>;
}

/** One of them as it stands. */
export interface Rollout<Kind extends RolloutKind = RolloutKind> {
  readonly kind: Kind;
  readonly id: string;
  readonly origin: 'file' | 'admin';
  /** Undefined where what was stored cannot be read any more. */
  readonly definition: DefinitionOf[Kind] | undefined;
  /** As it was sent; undefined of those of the file. */
  readonly written: Json | undefined;
  /** Why it is not in force although it is enabled. */
  readonly problem: string | undefined;
  /** What came of it so far, as it is stored. */
  readonly state: Json | null;
  /** 0 where there is none yet. */
  readonly stateVersion: number;
  readonly createdAt: Date | undefined;
  readonly updatedAt: Date | undefined;
}

/** Whether requests get it, as far as its definition goes: a canary may have been taken back. */
export function isInForce({ definition, problem }: Pick<Rollout, 'definition' | 'problem'>): boolean {
  return definition?.enabled === true && problem === undefined;
}
