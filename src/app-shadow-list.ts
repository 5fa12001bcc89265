import type { VariantSettings } from './config/schema.ts';
import type { Assignment } from './core/call.ts';
import type { LiveCatalog } from './live-catalog.ts';
import { type Rollout, isInForce } from './pipeline/rollouts/definition.ts';
import type { RolloutDirectory } from './pipeline/rollouts/directory/rollout-directory.ts';
import {
  type ListedShadow,
  type ShadowDefinition,
  type ShadowSettings,
  type Shadows,
  shadowOf,
} from './pipeline/shadow/definition.ts';

interface Parts {
  readonly live: Pick<LiveCatalog, 'variant' | 'config'>;
  readonly directory: Pick<RolloutDirectory, 'list' | 'watch'>;
}

/** One that was made of what was read, as long as nothing that it was made of is another. */
interface Made {
  readonly of: readonly unknown[];
  readonly shadow: ShadowDefinition;
}

/** The shadows there are, made anew where something changed. */
export class ShadowList implements Shadows {
  readonly #parts: Parts;
  /** By what was read, which stays the same as long as it is. */
  readonly #made = new WeakMap<object, Made>();
  #routes: ReadonlyMap<string, VariantSettings> = new Map();
  #listed: readonly ListedShadow[] = [];
  #all: readonly ShadowDefinition[] = [];
  #byModel = new Map<string, ShadowDefinition[]>();

  constructor(parts: Parts) {
    this.#parts = parts;
    parts.directory.watch(() => this.#renew());
  }

  of(model: string): readonly ShadowDefinition[] {
    return this.#byModel.get(model) ?? NONE;
  }

  all(): readonly ShadowDefinition[] {
    return this.#all;
  }

  list(): readonly ListedShadow[] {
    return this.#listed;
  }

  /**
   * What the model would be with the candidate's settings in place of its own, or of those that everybody gets.
   * @throws where there is no such model
   */
  variant({ model, set }: Pick<ShadowDefinition, 'model' | 'set'>): Assignment {
    return this.#parts.live.variant(model, [...this.#setsOf(model), set]);
  }

  #renew(): void {
    const { directory } = this.#parts;
    const routes = directory.list('route').filter(isInForce);
    this.#routes = new Map(
      routes.flatMap(({ definition }) => (definition ? [[definition.model, definition.set]] : [])),
    );
    this.#listed = directory.list('shadow').map((one) => {
      const { id, origin, written, problem } = one;
      return { id, origin, written, problem, definition: this.#definitionOf(one) };
    });
    this.#all = this.#listed.flatMap(({ definition }) => definition ?? []);
    this.#byModel = Map.groupBy(
      this.#listed.flatMap(({ definition, problem }) => (definition?.enabled && !problem ? [definition] : [])),
      ({ model }) => model,
    );
  }

  #definitionOf({ id, origin, definition, createdAt }: Rollout<'shadow'>): ShadowDefinition | undefined {
    if (!definition) return undefined;
    const of = [id, origin, createdAt?.getTime(), this.#parts.live.config, ...this.#setsOf(definition.model)];
    const known = this.#made.get(definition);
    if (known && isSame(known.of, of)) return known.shadow;
    // The directory keeps all that the reader found, and knows only whose it is.
    const settings = definition as ShadowSettings<VariantSettings>;
    const shadow = shadowOf(id, origin, settings, { createdAt, versions: this.#versions(settings) });
    this.#made.set(definition, { of, shadow });
    return shadow;
  }

  /** Of both sides. A change of either is another comparison. */
  #versions({ model, set }: ShadowSettings<VariantSettings>): readonly unknown[] {
    const sets = this.#setsOf(model);
    try {
      return [sets, ...[sets, [...sets, set]].map((all) => this.#parts.live.variant(model, all).version)];
    } catch {
      // Nothing is mirrored to it then, and the sums say why.
      return [sets];
    }
  }

  /** The route that everybody gets by the admin API, where there is one. */
  #setsOf(model: string): readonly VariantSettings[] {
    const set = this.#routes.get(model);
    return set ? [set] : [];
  }
}

const NONE: readonly ShadowDefinition[] = [];

function isSame(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((value, at) => value === other[at]);
}
