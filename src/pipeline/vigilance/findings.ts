import { BlockList } from 'node:net';

import { GenerationalMap } from '../../core/generational-map.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Network } from '../../core/network-address.ts';
import type { Events } from '../../records/events/event.ts';
import type { AutoBlocks } from './auto-blocks.ts';
import type { BlockSettings } from './settings.ts';
import { type Subject, subjectName } from './subject.ts';
import { WindowSum, windowOf } from './window-sum.ts';

export type RuleName = 'refusals' | 'keys_per_address' | 'guessed_keys' | 'same_request' | 'guard_hits' | 'spend';

export interface Finding {
  readonly rule: RuleName;
  readonly subject: Subject;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly block: BlockSettings;
  readonly evidence: JsonObject;
}

const HOUR_MS = 60 * 60 * 1000;
/** Who was told of in the last hour. */
const MOST_KNOWN = 10_000;
/** In an hour; a flood of addresses must not become one of events. */
const MOST_TOLD = 200;

/** Tells what was found: each subject once an hour for each rule. */
export class Findings {
  readonly #events: Events;
  readonly #blocks: Pick<AutoBlocks, 'impose'>;
  readonly #known = new GenerationalMap<number>(MOST_KNOWN);
  readonly #told = new WindowSum(windowOf(HOUR_MS, 12));
  #except = new BlockList();

  constructor(events: Events, blocks: Pick<AutoBlocks, 'impose'>) {
    this.#events = events;
    this.#blocks = blocks;
  }

  /** Addresses that are never told of. */
  except(networks: readonly Network[]): void {
    this.#except = new BlockList();
    for (const { address, prefix, family } of networks) this.#except.addSubnet(address, prefix, family);
  }

  isExcepted(address: string): boolean {
    return this.#except.check(address, address.includes(':') ? 'ipv6' : 'ipv4');
  }

  /** Whether it was not told within the last hour. From now on it was. */
  isNew(rule: RuleName, subject: Subject, at: number): boolean {
    const name = `${rule}|${subjectName(subject)}`;
    const last = this.#known.get(name);
    if (last !== undefined && at - last < HOUR_MS) return false;
    this.#known.set(name, at);
    return true;
  }

  tell({ rule, subject, at, block, evidence }: Finding): void {
    const until = block && this.#blocks.impose(subject, { reason: reasonOf(rule), forMs: block.for });
    if (this.#told.add(at, 1) > MOST_TOLD) return this.#tellOfMany(at);
    const name = subjectName(subject);
    this.#events.raise({
      kind: 'suspicious_use',
      severity: 'warning',
      subject: name,
      // The same of two replicas is one.
      dedupe: dedupeKey(rule, name, at),
      evidence: { rule, ...evidence, ...(until && { blocked_until: until.toISOString() }) },
    });
  }

  #tellOfMany(at: number): void {
    this.#events.raise({
      kind: 'suspicious_use',
      severity: 'critical',
      subject: 'gateway',
      dedupe: dedupeKey('many', 'gateway', at),
      evidence: { rule: 'many', findings: MOST_TOLD, window_ms: HOUR_MS },
    });
  }
}

function dedupeKey(rule: string, subject: string, at: number): string {
  return `suspicious_use|${rule}|${subject}|${Math.floor(at / HOUR_MS)}`;
}

function reasonOf(rule: RuleName): string {
  return `suspicious use: ${rule}`;
}
