import { hash } from 'node:crypto';

import type { Clock } from '../../../core/clock.ts';
import { GenerationalMap } from '../../../core/generational-map.ts';
import type { Judgement } from '../engine/judge.ts';

/** At most 40 projects with 2,000 judgements each: some 40 MB where all are full. */
const MOST_PROJECTS = 40;
const MOST_OF_PROJECT = 2000;
const KEPT_MS = 10 * 60_000;

interface Kept {
  readonly judgement: Judgement;
  /** Monotonic milliseconds. */
  readonly at: number;
}

/**
 * What judges said of texts of the last minutes, so that the beginning of a conversation is not judged again with each of
 * its turns. Kept are hashes of texts, and no project sees what another asked.
 */
export class JudgementMemory {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #projects = new GenerationalMap<GenerationalMap<Kept>>(MOST_PROJECTS);

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
  }

  get(project: string, key: string): Judgement | undefined {
    const kept = this.#projects.get(project)?.get(key);
    if (!kept || this.#clock.monotonic() - kept.at > KEPT_MS) return undefined;
    return kept.judgement;
  }

  set(project: string, key: string, judgement: Judgement): void {
    let judgements = this.#projects.get(project);
    if (!judgements) {
      judgements = new GenerationalMap(MOST_OF_PROJECT);
      this.#projects.set(project, judgements);
    }
    judgements.set(key, { judgement, at: this.#clock.monotonic() });
  }
}

/** @param parts what the judgement depends on, none of which can be taken for another's */
export function memoryKey(parts: readonly string[]): string {
  return hash('sha256', JSON.stringify(parts), 'base64url');
}
