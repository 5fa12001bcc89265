import type { Clock } from '../../../core/clock.ts';
import type { JsonObject } from '../../../core/json.ts';
import { repeat } from '../../../core/repeat.ts';
import type { Scheduler } from '../../../core/scheduler.ts';
import type { NewEvent } from '../../events/event.ts';
import { AlertState, type Phase } from './alert-state.ts';
import { type Measured, type MeasureDeps, measure } from './measure.ts';
import type { LastingRule } from './settings.ts';

export interface RuleEngineDeps extends MeasureDeps {
  /** Those in force now. */
  rules(): readonly LastingRule[];
  /** Before they are judged. */
  prepare(rules: readonly LastingRule[]): void;
  readonly events: {
    raise(event: NewEvent): void;
    remind(event: NewEvent): void;
    resolve(dedupe: string): void;
  };
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly log: { error(facts: object, message: string): void };
}

/** What a rule sees of one thing, for whoever asks. */
export interface AlertReading {
  readonly subject: string;
  readonly phase: Phase;
  /** How long it is in that phase, milliseconds. */
  readonly forMs: number;
  readonly value: number | undefined;
}

interface Watched {
  readonly rule: LastingRule;
  readonly subject: string;
  readonly state: AlertState;
  /** Told by an earlier process, so that the windows of this one have to fill before it is over. */
  isInherited: boolean;
  last: Measured | undefined;
  remindedAt: number;
}

const EVERY_MS = 10_000;
const REMIND_MS = 60_000;

/** Judges the rules every few seconds, and tells in events what has come true and what is over. */
export class RuleEngine {
  readonly #deps: RuleEngineDeps;
  readonly #watched = new Map<string, Watched>();
  readonly #stop: () => void;

  constructor(deps: RuleEngineDeps) {
    this.#deps = deps;
    this.#stop = repeat(deps.scheduler, EVERY_MS, () => this.#judgeSafely());
  }

  close(): void {
    this.#stop();
  }

  /** What a process before this one told and nobody has said is over: it goes on from there. */
  inherit(rule: LastingRule, subject: string, event: NewEvent): void {
    const key = dedupeOf(rule.name, subject);
    const nowMs = this.#deps.clock.monotonic();
    if (this.#watched.get(key)?.state.isTold) return;
    const state = AlertState.told(nowMs);
    const last = { subject, isAbove: undefined, value: undefined, evidence: event.evidence };
    this.#watched.set(key, { rule, subject, state, isInherited: true, last, remindedAt: nowMs });
    this.#deps.events.raise(event);
  }

  /** All that a rule has seen lately. */
  *readings(name: string): Generator<AlertReading> {
    const nowMs = this.#deps.clock.monotonic();
    for (const { rule, subject, state, last } of this.#watched.values()) {
      if (rule.name !== name) continue;
      yield { subject, phase: state.phase, forMs: nowMs - state.since, value: last?.value };
    }
  }

  /** Numbers and names as they were when it was last judged. */
  evidenceOf(dedupe: string): JsonObject | undefined {
    return this.#watched.get(dedupe)?.last?.evidence;
  }

  /** Judges all rules now. */
  judge(): void {
    const rules = this.#deps.rules();
    this.#deps.prepare(rules);
    this.#forget(rules);
    const nowMs = this.#deps.clock.monotonic();
    for (const rule of rules) this.#judgeRule(rule, nowMs);
  }

  #judgeSafely(): void {
    try {
      this.judge();
    } catch (err) {
      this.#deps.log.error({ err }, 'the rules of alerts could not be judged');
    }
  }

  #judgeRule(rule: LastingRule, nowMs: number): void {
    const seen = new Set<string>();
    for (const measured of measure(rule, this.#deps, nowMs)) {
      seen.add(measured.subject);
      this.#step(rule, measured, nowMs);
    }
    // What is not there any more, such as a target of an old configuration, is not so any more.
    for (const [key, watched] of this.#watched) {
      if (watched.rule !== rule || seen.has(watched.subject)) continue;
      const gone = { ...watched.last, subject: watched.subject, isAbove: false, value: undefined };
      this.#step(rule, { ...gone, evidence: watched.last?.evidence ?? {} }, nowMs);
      if (watched.state.isIdle(nowMs, { cooldownMs: rule.cooldown })) this.#watched.delete(key);
    }
  }

  #step(rule: LastingRule, measured: Measured, nowMs: number): void {
    const dedupe = dedupeOf(rule.name, measured.subject);
    const watched = this.#watchedAs(dedupe, rule, measured, nowMs);
    watched.last = measured;
    const window = watched.isInherited && 'window' in rule ? rule.window : 0;
    const told = watched.state.step(measured.isAbove, nowMs, {
      forMs: watched.state.isTold ? rule.for + window : rule.for,
      cooldownMs: rule.cooldown,
    });
    if (told === 'firing') {
      watched.remindedAt = nowMs;
      this.#deps.events.raise(eventOf(rule, dedupe, measured));
    } else if (told === 'resolved') {
      watched.isInherited = false;
      this.#deps.events.resolve(dedupe);
    } else if (watched.state.isTold && measured.isAbove && nowMs - watched.remindedAt >= REMIND_MS) {
      watched.remindedAt = nowMs;
      this.#deps.events.remind(eventOf(rule, dedupe, measured));
    }
  }

  #watchedAs(dedupe: string, rule: LastingRule, { subject }: Measured, nowMs: number): Watched {
    const known = this.#watched.get(dedupe);
    if (known?.rule === rule) return known;
    const state = known?.state ?? new AlertState(nowMs);
    const isInherited = known?.isInherited ?? false;
    const watched = { rule, subject, state, isInherited, last: known?.last, remindedAt: known?.remindedAt ?? nowMs };
    this.#watched.set(dedupe, watched);
    return watched;
  }

  /** What no rule of the configuration looks at any more is over. */
  #forget(rules: readonly LastingRule[]): void {
    const names = new Map(rules.map((rule) => [rule.name, rule]));
    for (const [key, watched] of this.#watched) {
      const rule = names.get(watched.rule.name);
      if (rule?.type === watched.rule.type) {
        if (rule !== watched.rule) this.#watched.set(key, { ...watched, rule });
        continue;
      }
      this.#watched.delete(key);
      if (watched.state.isTold) this.#deps.events.resolve(key);
    }
  }
}

/** The same for all replicas, so that one of them tells it. */
function dedupeOf(rule: string, subject: string): string {
  return `alert|${rule}|${subject}`;
}

function eventOf(rule: LastingRule, dedupe: string, { subject, evidence }: Measured): NewEvent {
  const { name, type, severity } = rule;
  return { kind: 'alert', severity, subject, dedupe, evidence: { rule: name, what: type, ...evidence } };
}
