import { GenerationalMap } from '../../core/generational-map.ts';
import type { JsonObject } from '../../core/json.ts';
import type { ResolvedEvent, ToldEvent } from '../events/event.ts';
import type { RuleSet } from './rule-set.ts';
import type { EventRule } from './rules/settings.ts';

/** What is to be sent of an event, and to whom. */
export interface EventNotice {
  readonly rule: EventRule;
  readonly channels: readonly string[];
  readonly evidence: JsonObject;
}

const MOST_REMEMBERED = 10_000;
/** Of one rule in that time; then one says that there are more. */
const MOST_AT_ONCE = 20;
const AT_ONCE_MS = 10 * 60_000;

interface Burst {
  readonly startedAt: number;
  count: number;
}

/** Which events are sent: those that a rule is about, each once in its cool-down, and never a flood of them. */
export class EventNotices {
  readonly #rules: () => RuleSet;
  /** When it was sent, by rule and event, monotonic. */
  readonly #sentAt = new GenerationalMap<number>(MOST_REMEMBERED);
  /** What was told and not sent, so that its end is not sent either. */
  readonly #heldBack = new GenerationalMap<true>(MOST_REMEMBERED);
  readonly #bursts = new Map<string, Burst>();

  constructor(rules: () => RuleSet) {
    this.#rules = rules;
  }

  /** No channel gets one event twice, however many rules are about it. */
  told({ event }: ToldEvent, nowMs: number): EventNotice[] {
    const { kind, severity, subject, dedupe, evidence } = event;
    const taken = new Set<string>();
    const notices: EventNotice[] = [];
    for (const rule of this.#rules().about(kind, severity)) {
      const channels = this.#newOf(rule, taken);
      const key = `${rule.name}|${dedupe ?? `${kind}|${subject}`}`;
      const isCooling = nowMs - (this.#sentAt.get(key) ?? -Infinity) < rule.cooldown;
      const place = isCooling || channels.length === 0 ? Infinity : this.#placeInBurst(rule.name, nowMs);
      if (place > MOST_AT_ONCE) {
        this.#heldBack.set(key, true);
        continue;
      }
      this.#sentAt.set(key, nowMs);
      const more = place === MOST_AT_ONCE ? { more: 'GET /admin/v1/events' } : {};
      notices.push({ rule, channels, evidence: { ...more, ...evidence } });
    }
    return notices;
  }

  /** Also where another replica told it. */
  resolved({ dedupe, event }: ResolvedEvent): EventNotice[] {
    if (!event) return [];
    const taken = new Set<string>();
    return this.#rules()
      .about(event.kind, event.severity)
      .flatMap((rule) => {
        const channels = this.#newOf(rule, taken);
        const key = `${rule.name}|${dedupe}`;
        const wasHeld = this.#heldBack.get(key) === true;
        this.#heldBack.delete(key);
        return wasHeld || channels.length === 0 ? [] : [{ rule, channels, evidence: event.evidence }];
      });
  }

  #newOf(rule: EventRule, taken: Set<string>): readonly string[] {
    const channels = this.#rules()
      .channelsOf(rule)
      .filter((channel) => !taken.has(channel));
    for (const channel of channels) taken.add(channel);
    return channels;
  }

  #placeInBurst(rule: string, nowMs: number): number {
    let burst = this.#bursts.get(rule);
    if (!burst || nowMs - burst.startedAt >= AT_ONCE_MS) {
      burst = { startedAt: nowMs, count: 0 };
      this.#bursts.set(rule, burst);
    }
    burst.count += 1;
    return burst.count;
  }
}
