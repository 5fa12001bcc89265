import type { Assignment } from '../../../core/call.ts';
import { GenerationalMap } from '../../../core/generational-map.ts';
import type { RolloutPart } from '../../../core/routing.ts';
import { type FlagDefinition, type RouteOverride, type Variant, shareOfFlag } from '../definition.ts';
import { placeOf, seedOf } from './draw.ts';
import type { Trial, TrialArm } from './trials.ts';
import { type Drawn, unitOf, userOf } from './unit.ts';

/** What a virtual model would be with other settings, the last ones winning. @throws where there is no such model */
export type MakeVariant = (model: string, sets: readonly Variant[]) => Assignment;

/** What is tried of one model. */
export interface TriedOf {
  readonly model: string;
  readonly route: RouteOverride | undefined;
  /** By their names; at most 40. */
  readonly flags: readonly { readonly id: string; readonly definition: FlagDefinition }[];
  readonly trial: Trial | undefined;
}

interface Flag {
  /** Of its own in the sum of those that apply. */
  readonly bit: number;
  readonly definition: FlagDefinition;
  readonly users: ReadonlySet<string>;
  readonly projects: ReadonlySet<string>;
  readonly keys: ReadonlySet<string>;
  readonly seed: number;
  readonly share: number;
  readonly part: RolloutPart;
}

/** All that twelve flags by share can be together; the half of these that was used last is always there. */
const MOST_VARIANTS = 2 * 2 ** 12;

/** Gives each call of a model what it gets; made anew when anything of it changes. */
export class ModelRollouts {
  readonly #tried: TriedOf;
  readonly #flags: readonly Flag[];
  readonly #make: MakeVariant;
  /** By what applies; null where that cannot be made, which was said. */
  readonly #variants = new GenerationalMap<Assignment | null, number>(MOST_VARIANTS);
  readonly #failed: (model: string, error: unknown) => void;

  constructor(tried: TriedOf, make: MakeVariant, failed: (model: string, error: unknown) => void) {
    this.#tried = tried;
    this.#make = make;
    this.#failed = failed;
    this.#flags = tried.flags.map(({ id, definition }, index) => ({
      bit: 2 ** index,
      definition,
      users: new Set(definition.users),
      projects: new Set(definition.projects),
      keys: new Set(definition.keys),
      seed: seedOf(`flag:${id}`),
      share: shareOfFlag(definition),
      part: { kind: 'flag', id, arm: 'on', run: '' },
    }));
  }

  /** @param assignment what the model means where nothing is tried */
  assign(call: Drawn, assignment: Assignment): Assignment {
    const { trial, route } = this.#tried;
    let applying = 0;
    for (const flag of this.#flags) if (applies(flag, call)) applying += flag.bit;
    const arm = trial?.armOf(call);
    if (applying === 0 && arm === undefined && route === undefined) return assignment;
    const name = applying * ((trial?.arms.length ?? 0) + 1) + (arm === undefined ? 0 : arm.index + 1);
    const known = this.#variants.get(name);
    if (known !== undefined) return known ?? assignment;
    return this.#variant(name, applying, arm) ?? assignment;
  }

  #variant(name: number, applying: number, arm: TrialArm | undefined): Assignment | null {
    const variant = this.#made(applying, arm);
    this.#variants.set(name, variant);
    return variant;
  }

  #made(applying: number, arm: TrialArm | undefined): Assignment | null {
    const { model, route } = this.#tried;
    const flags = this.#flags.filter(({ bit }) => Math.floor(applying / bit) % 2 === 1);
    const sets = [route?.set, ...flags.map(({ definition }) => definition.set), arm?.set];
    const parts = [
      ...(route ? [{ kind: 'route', id: model, arm: 'on', run: '' } as const] : []),
      ...flags.map(({ part }) => part),
      ...(arm ? [arm.part] : []),
    ];
    try {
      const made = this.#make(
        model,
        sets.filter((set) => set !== undefined),
      );
      return { ...made, rollouts: parts, ...(arm && { arm: arm.label }) };
    } catch (error) {
      // Nobody's request fails for what is tried: the model is then as its own settings say.
      this.#failed(model, error);
      return null;
    }
  }
}

function applies({ definition, users, projects, keys, share, seed }: Flag, call: Drawn): boolean {
  if (share >= 1) return true;
  const { principal } = call;
  if (principal && (projects.has(principal.project) || keys.has(principal.keyId))) return true;
  if (users.size > 0) {
    const user = userOf(call);
    if (user !== undefined && users.has(user)) return true;
  }
  return share > 0 && placeOf(seed, unitOf(call, definition.by)) < share;
}
