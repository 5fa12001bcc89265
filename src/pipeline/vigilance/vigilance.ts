import { isDeepStrictEqual } from 'node:util';

import type { Call } from '../../core/call.ts';
import type { Clock } from '../../core/clock.ts';
import type { Events } from '../../records/events/event.ts';
import type { CallRecord } from '../../records/journal/record.ts';
import type { AutoBlocks } from './auto-blocks.ts';
import { Findings } from './findings.ts';
import { BurstRule, KeysRule, SameRequestRule, isGuardHit, isRefusal } from './rules.ts';
import type { VigilanceSettings } from './settings.ts';
import { type Rule, sightingOf } from './sighting.ts';
import { type SpendHistories, SpendHistory } from './spend-history.ts';
import { SpendRule } from './spend-rule.ts';

export interface VigilanceDeps {
  readonly settings: () => VigilanceSettings;
  readonly clock: Clock;
  readonly events: Events;
  readonly blocks: Pick<AutoBlocks, 'impose'>;
}

const MOST_SPENDERS = 10_000;

/**
 * Looks at calls when they have ended, and tells of what is suspicious. It costs the request thread a few look-ups and a
 * checksum, and nothing of it waits. What it knows is what this process saw.
 */
export class Vigilance {
  /** Outlasts changes of the settings. */
  readonly spending: SpendHistories = { keys: new SpendHistory(MOST_SPENDERS), users: new SpendHistory(MOST_SPENDERS) };
  readonly #deps: VigilanceDeps;
  readonly #findings: Findings;
  /** As they were read last; another object after each reading of the configuration. */
  #read: VigilanceSettings | undefined;
  #inForce: VigilanceSettings | undefined;
  #rules: readonly Rule[] = [];

  constructor(deps: VigilanceDeps) {
    this.#deps = deps;
    this.#findings = new Findings(deps.events, deps.blocks);
  }

  observe(call: Call, record: CallRecord): void {
    const settings = this.#deps.settings();
    if (settings !== this.#read) this.#adopt(settings);
    // Who is blocked is blocked; its further requests are no reason to block it for longer.
    if (record.error?.code === 'access_blocked') return;
    const sighting = sightingOf(call, record, this.#deps.clock.now());
    for (const rule of this.#rules) rule.see(sighting);
  }

  /** Other settings begin to count anew. */
  #adopt(settings: VigilanceSettings): void {
    this.#read = settings;
    if (isDeepStrictEqual(settings, this.#inForce)) return;
    this.#inForce = settings;
    this.#findings.except(settings.exceptAddresses);
    this.#rules = settings.enabled ? rulesOf(settings, this.#findings, this.spending) : [];
  }
}

function rulesOf(settings: VigilanceSettings, findings: Findings, spending: SpendHistories): Rule[] {
  const { refusals, keysPerAddress, guessedKeys, sameRequest, guardHits, spend } = settings;
  return [
    ...(refusals.enabled ? [new BurstRule('refusals', refusals, findings, isRefusal)] : []),
    ...(keysPerAddress.enabled ? [new KeysRule('keys_per_address', keysPerAddress, findings)] : []),
    ...(guessedKeys.enabled ? [new KeysRule('guessed_keys', guessedKeys, findings)] : []),
    ...(sameRequest.enabled ? [new SameRequestRule(sameRequest, findings)] : []),
    ...(guardHits.enabled ? [new BurstRule('guard_hits', guardHits, findings, isGuardHit)] : []),
    ...(spend.enabled ? [new SpendRule(spend, findings, spending)] : []),
  ];
}
