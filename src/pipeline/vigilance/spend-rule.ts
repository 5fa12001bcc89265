import type { Call } from '../../core/call.ts';
import { NANO_PER_USD, nanoToUsd } from '../../core/money.ts';
import type { CallRecord } from '../../records/journal/record.ts';
import type { Findings } from './findings.ts';
import type { VigilanceSettings } from './settings.ts';
import { type SpendHistory, type SpendPicture } from './spend-history.ts';
import type { Rule } from './rules.ts';
import { type Subject, subjectName, userOf } from './subject.ts';

const HOUR_MS = 60 * 60 * 1000;
const DAYS_KEPT_HOURS = 7 * 24;

/** A key or a user that spends far more than usual. */
export class SpendRule implements Rule {
  readonly #settings: VigilanceSettings['spend'];
  readonly #findings: Findings;
  readonly #history: SpendHistory;
  readonly #historyHours: number;

  constructor(settings: VigilanceSettings['spend'], findings: Findings, history: SpendHistory) {
    this.#settings = settings;
    this.#findings = findings;
    this.#history = history;
    // The last hour is not part of its own history.
    this.#historyHours = Math.min(settings.history / HOUR_MS, DAYS_KEPT_HOURS) - 1;
  }

  see(call: Call, record: CallRecord, at: number): void {
    const { principal } = call;
    if (!principal || record.costNanoUsd <= 0) return;
    this.#count({ kind: 'key', id: principal.keyId }, record, at);
    const user = userOf(call, record);
    if (user !== undefined) this.#count({ kind: 'user', id: user, project: principal.project }, record, at);
  }

  #count(subject: Subject, { costNanoUsd, traceId }: CallRecord, at: number): void {
    const picture = this.#history.add(subjectName(subject), at, costNanoUsd);
    if (!this.#isUnusual(picture) || !this.#findings.isNew('spend', subject, at)) return;
    const evidence = {
      last_hour_usd: nanoToUsd(picture.lastHour),
      usual_hourly_usd: nanoToUsd(picture.usualHourly),
      known_hours: Math.floor(picture.knownHours),
      traces: [traceId],
    };
    this.#findings.tell({ rule: 'spend', subject, at, block: this.#settings.block, evidence });
  }

  #isUnusual({ lastHour, usualHourly, knownHours }: SpendPicture): boolean {
    const { factor, minimumUsd } = this.#settings;
    if (lastHour <= minimumUsd * NANO_PER_USD || lastHour <= factor * usualHourly) return false;
    return knownHours >= this.#historyHours;
  }
}
