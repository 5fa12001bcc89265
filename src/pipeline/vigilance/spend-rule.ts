import { NANO_PER_USD, nanoToUsd } from '../../core/money.ts';
import type { Findings } from './findings.ts';
import type { VigilanceSettings } from './settings.ts';
import { type SpendHistories, type SpendPicture } from './spend-history.ts';
import type { Rule, Sighting } from './sighting.ts';
import type { Subject } from './subject.ts';

const HOUR_MS = 60 * 60 * 1000;
const DAYS_KEPT_HOURS = 7 * 24;

/** A key or a user that spends far more than usual. */
export class SpendRule implements Rule {
  readonly #settings: VigilanceSettings['spend'];
  readonly #findings: Findings;
  readonly #history: SpendHistories;
  readonly #historyHours: number;

  constructor(settings: VigilanceSettings['spend'], findings: Findings, history: SpendHistories) {
    this.#settings = settings;
    this.#findings = findings;
    this.#history = history;
    // The last hour is not part of its own history.
    this.#historyHours = Math.min(settings.history / HOUR_MS, DAYS_KEPT_HOURS) - 1;
  }

  see(sighting: Sighting): void {
    const { principal } = sighting.call;
    if (!principal || sighting.record.costNanoUsd <= 0) return;
    this.#count(principal.keyId, undefined, sighting);
    const { user, userName } = sighting;
    if (userName !== undefined) this.#count(userName, user, sighting);
  }

  #count(name: string, user: Subject | undefined, { record, at }: Sighting): void {
    const picture = (user ? this.#history.users : this.#history.keys).add(name, at, record.costNanoUsd);
    if (!this.#isUnusual(picture)) return;
    const subject: Subject = user ?? { kind: 'key', id: name };
    if (!this.#findings.isNew('spend', subject, at)) return;
    const evidence = {
      last_hour_usd: nanoToUsd(picture.lastHour),
      usual_hourly_usd: nanoToUsd(picture.usualHourly),
      known_hours: Math.floor(picture.knownHours),
      traces: [record.traceId],
    };
    this.#findings.tell({ rule: 'spend', subject, at, block: this.#settings.block, evidence });
  }

  #isUnusual({ lastHour, usualHourly, knownHours }: SpendPicture): boolean {
    const { factor, minimumUsd } = this.#settings;
    if (lastHour <= minimumUsd * NANO_PER_USD || lastHour <= factor * usualHourly) return false;
    return knownHours >= this.#historyHours;
  }
}
