import type { SemanticPolicy } from '../../../core/caching.ts';
import type { CacheKey } from '../key/cache-key.ts';
import { type EstimatorView, ServingEstimator } from './estimator/estimator.ts';

/**
 * What all families may take, bytes: some 20,000 with a handful of labels, or 130 that have all they can have. A
 * family that is forgotten learns anew.
 */
const MOST_BYTES = 64 * 1024 * 1024;
/** What a family takes beside its estimator. */
const FAMILY_BYTES = 500;

/**
 * What is known of a family of requests: those of one tenant, model and versions, with one bound and vectors of one
 * space, in all contexts. The tenant is who shares answers: the project, or one user or key of it.
 */
export interface Family {
  readonly name: string;
  readonly model: string;
  readonly space: string;
  readonly estimator: ServingEstimator;
}

export interface FamilyView extends EstimatorView {
  readonly project: string;
  readonly model: string;
  readonly space: string;
}

interface Held {
  readonly family: Family;
  /** When it was last measured. */
  bytes: number;
}

interface OfProject {
  readonly project: string;
  /** The least recently used first. */
  readonly families: Map<string, Held>;
  bytes: number;
}

/**
 * Nothing that one family learns changes what another is served. Where all take too much, the project that has most
 * forgets the family that it has not used for longest: nobody loses one who has no more than an equal share.
 */
export class Families {
  readonly #random: () => number;
  readonly #maxBytes: number;
  readonly #projects = new Map<string, OfProject>();
  #bytes = 0;

  constructor(random: () => number, maxBytes: number = MOST_BYTES) {
    this.#random = random;
    this.#maxBytes = maxBytes;
  }

  /** What all take, bytes; what was learned since a family was last asked for is not in it yet. */
  get bytes(): number {
    return this.#bytes;
  }

  of(project: string, model: string, key: CacheKey, space: string, policy: SemanticPolicy): Family {
    const { maxErrorRate, confidence } = policy;
    const name = [key.partition, maxErrorRate, confidence, space].join(' ');
    const own: OfProject = this.#projects.get(project) ?? { project, families: new Map(), bytes: 0 };
    this.#projects.set(project, own);
    let held = own.families.get(name);
    if (held) own.families.delete(name);
    else {
      const estimator = new ServingEstimator({ maxErrorRate, confidence, random: this.#random });
      held = { family: { name, model, space, estimator }, bytes: 0 };
    }
    own.families.set(name, held);
    this.#measure(own, held);
    while (this.#bytes > this.#maxBytes) this.#dropOne();
    return held.family;
  }

  /** An entry is gone. */
  forget(project: string, name: string, entry: string): void {
    const own = this.#projects.get(project);
    const held = own?.families.get(name);
    if (!own || !held) return;
    held.family.estimator.forget(entry);
    this.#measure(own, held);
  }

  views(): FamilyView[] {
    return [...this.#projects.values()].flatMap(({ project, families }) =>
      [...families.values()].map(({ family: { model, space, estimator } }) => ({
        project,
        model,
        space,
        ...estimator.view(),
      })),
    );
  }

  #measure(own: OfProject, held: Held): void {
    this.#count(own, -held.bytes);
    held.bytes = FAMILY_BYTES + held.family.estimator.bytes;
    this.#count(own, held.bytes);
  }

  #count(own: OfProject, bytes: number): void {
    own.bytes += bytes;
    this.#bytes += bytes;
  }

  #dropOne(): void {
    let largest: OfProject | undefined;
    for (const own of this.#projects.values()) if (!largest || own.bytes > largest.bytes) largest = own;
    const [oldest] = largest?.families ?? [];
    if (!largest || !oldest) return;
    const [name, held] = oldest;
    largest.families.delete(name);
    this.#count(largest, -held.bytes);
    if (largest.families.size === 0) this.#projects.delete(largest.project);
  }
}
