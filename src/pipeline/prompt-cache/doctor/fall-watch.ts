import type { Clock } from '../../../core/clock.ts';
import type { JsonObject } from '../../../core/json.ts';
import { repeat } from '../../../core/repeat.ts';
import type { Scheduler } from '../../../core/scheduler.ts';
import { DAY_MS } from '../../../core/units.ts';
import type { Events } from '../../../records/events/event.ts';
import { type PromptCacheDoctor, usdOrNull } from './doctor.ts';
import { hitRates, lookAtFall } from './health.ts';
import { type PromptGroup, keyOf } from './prompt-group.ts';

const EVERY_MS = 60_000;

export interface FallWatchDeps {
  readonly doctor: Pick<PromptCacheDoctor, 'groups'>;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly events: Events;
}

/** Tells when the hit rate of a group fell, and when it is good again. */
export class FallWatch {
  readonly #deps: FallWatchDeps;
  /** Whether it was told, by dedupe key; what is not known yet is not there. */
  #told = new Map<string, boolean>();
  readonly #stop: () => void;

  constructor(deps: FallWatchDeps) {
    this.#deps = deps;
    this.#stop = repeat(deps.scheduler, EVERY_MS, () => this.#look());
  }

  close(): void {
    this.#stop();
  }

  #look(): void {
    const before = this.#told;
    this.#told = new Map();
    const { doctor, clock, events } = this.#deps;
    for (const group of doctor.groups) {
      const dedupe = `prompt_cache_fell|${keyOf(group.name).replaceAll('\n', '|')}`;
      const found = lookAtFall(group, clock.monotonic());
      const isFallen = found === undefined ? before.get(dedupe) : found === 'fell';
      if (isFallen !== undefined) this.#told.set(dedupe, isFallen);
      if (found === 'fell') {
        const subject = `model:${group.name.model}`;
        if (before.get(dedupe) !== true)
          events.raise({
            kind: 'prompt_cache_fell',
            severity: 'warning',
            subject,
            dedupe,
            evidence: this.#evidenceOf(group),
          });
      }
      // Also where it is not known to have been: an earlier process may have told it.
      else if (found === 'good' && before.get(dedupe) !== false) events.resolve(dedupe);
    }
    for (const [dedupe, was] of before) if (was && !this.#told.has(dedupe)) events.resolve(dedupe);
  }

  /** Numbers and names: texts are in the admin API alone. */
  #evidenceOf(group: PromptGroup): JsonObject {
    const { project, model, target, endpoint } = group.name;
    const { clock } = this.#deps;
    const { now } = hitRates(group, clock.monotonic());
    const [finding] = group.findings.since(clock.now() - DAY_MS);
    return {
      group: group.id,
      project: project ?? null,
      model,
      target,
      endpoint,
      hit_rate: rounded(now ?? 0),
      before: rounded(group.fellFrom ?? 0),
      ...(finding && {
        segment: finding.segment,
        byte_offset: finding.byteOffset,
        change: finding.kind,
        changed_since: new Date(finding.firstAt).toISOString(),
        lost_usd: usdOrNull(finding.lostNanoUsd),
      }),
    };
  }
}

function rounded(rate: number): number {
  return Math.round(rate * 1000) / 1000;
}
