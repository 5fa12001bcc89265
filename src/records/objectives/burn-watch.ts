import type { Clock } from '../../core/clock.ts';
import { repeat } from '../../core/repeat.ts';
import type { Scheduler } from '../../core/scheduler.ts';
import type { EventSeverity, Events } from '../events/event.ts';
import { type Burning, isBurning, rulesOf } from './burn-rules.ts';
import type { ObjectiveTracker, Tracked } from './objective-tracker.ts';

const EVERY_MS = 30_000;

export interface BurnWatchDeps {
  readonly tracker: Pick<ObjectiveTracker, 'all'>;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly events: Events;
}

/**
 * Tells when an error budget is used up too fast, and when that is over. It looks at what this process served; where
 * there are several, the rules of deploy/prometheus look at all of them.
 */
export class BurnWatch {
  readonly #deps: BurnWatchDeps;
  /** By dedupe key; what is not known yet is not there. */
  #burning = new Map<string, boolean>();
  readonly #stop: () => void;

  constructor(deps: BurnWatchDeps) {
    this.#deps = deps;
    this.#stop = repeat(deps.scheduler, EVERY_MS, () => this.#look());
  }

  close(): void {
    this.#stop();
  }

  #look(): void {
    const before = this.#burning;
    this.#burning = new Map();
    for (const tracked of this.#deps.tracker.all) this.#judge(tracked, before);
    // An objective that is asked for no more burns no more.
    for (const [dedupe, was] of before) if (was && !this.#burning.has(dedupe)) this.#deps.events.resolve(dedupe);
  }

  #judge(tracked: Tracked, before: ReadonlyMap<string, boolean>): void {
    for (const severity of severitiesOf(tracked)) {
      const found = burningNow(tracked, severity, this.#deps.clock.monotonic());
      if (found === undefined) continue;
      const { model, name } = tracked.objective;
      const dedupe = `objective_burn|${severity}|${name}|${model}`;
      this.#burning.set(dedupe, found !== false);
      if (found)
        this.#deps.events.raise({
          kind: 'objective_burn',
          severity,
          subject: `model:${model}`,
          dedupe,
          evidence: evidenceOf(tracked, found),
        });
      // Also where it is not known to have been: an earlier process may have told it.
      else if (before.get(dedupe) !== false) this.#deps.events.resolve(dedupe);
    }
  }
}

function severitiesOf({ objective }: Tracked): ReadonlySet<EventSeverity> {
  return new Set(rulesOf(objective).map(({ severity }) => severity));
}

/** The first rule of a severity that is broken; undefined where too little is known of any to say. */
export function burningNow(
  { objective, sums, since }: Tracked,
  severity: EventSeverity | undefined,
  nowMs: number,
): Burning | false | undefined {
  let known: false | undefined;
  for (const rule of rulesOf(objective)) {
    if (severity !== undefined && rule.severity !== severity) continue;
    const found = isBurning(objective, rule, { sums, nowMs, upMs: nowMs - since });
    if (found) return found;
    known ??= found;
  }
  return known;
}

function evidenceOf({ objective }: Tracked, { rule, long, short }: Burning) {
  const { model, name, target, belowMs } = objective;
  return {
    model,
    objective: name,
    target,
    ...(belowMs !== undefined && { belowMs }),
    burn: { [rule.long]: rounded(long), [rule.short]: rounded(short) },
    above: rule.above,
  };
}

function rounded(rate: number): number {
  return Math.round(rate * 100) / 100;
}
