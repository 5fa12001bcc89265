import { newId } from '../../core/ids.ts';
import { asString, isJsonObject } from '../../core/json.ts';
import type { EventLog } from '../events/event-log.ts';
import { type NewEvent, type ResolvedEvent, SEVERITIES, type StoredEvent, type ToldEvent } from '../events/event.ts';
import { storableEvidence, storableName } from '../events/evidence.ts';
import type { CallRecord } from '../journal/record.ts';
import type { Reading } from '../metrics/registry.ts';
import { Outbox, type OutboxDeps } from './delivery/outbox.ts';
import { EventNotices } from './event-notices.ts';
import type { Notice } from './messages/notice.ts';
import { type RuleSet, rulesInForce } from './rule-set.ts';
import { CostWatch, type CostWatchDeps } from './rules/cost-watch.ts';
import type { AlertReadings } from './rules/measure.ts';
import { RequestWindows } from './rules/request-windows.ts';
import { RuleEngine } from './rules/rule-engine.ts';
import type { AlertRule, LastingRule } from './rules/settings.ts';

export interface AlertsDeps extends OutboxDeps {
  readonly events: Pick<EventLog, 'raise' | 'remind' | 'resolve'>;
  /** Events of the kind `alert` that nobody has said are over. Rejects where the database does not answer. */
  readonly openEvents: () => Promise<readonly StoredEvent[]>;
  readonly readings: AlertReadings;
  readonly costSince: CostWatchDeps['costSince'];
}

/** When something was told, and as what. */
interface Telling extends Pick<Notice, 'id' | 'at' | 'state' | 'kind'> {
  readonly event: NewEvent;
}

const INHERIT_AGAIN_MS = 60_000;

/** Watches what happens, and tells channels when a rule comes true and when it is over. Off the request path. */
export class Alerts {
  /** The rules in force. */
  readonly rules: () => RuleSet;
  readonly engine: RuleEngine;
  readonly outbox: Outbox;
  readonly #deps: AlertsDeps;
  readonly #windows = new RequestWindows();
  readonly #costs: CostWatch;
  readonly #notices: EventNotices;
  #watching: RuleSet | undefined;
  #cancelInheriting: (() => void) | undefined;
  #isClosed = false;

  constructor(deps: AlertsDeps) {
    this.#deps = deps;
    const { clock, scheduler, log, costSince, readings, events } = deps;
    this.rules = rulesInForce(deps.settings);
    this.outbox = new Outbox(deps);
    this.#notices = new EventNotices(this.rules);
    this.#costs = new CostWatch({ costSince, now: () => clock.now(), log });
    this.engine = new RuleEngine({
      windows: this.#windows,
      readings,
      costOf: (rule) => this.#costs.costOf(rule),
      rules: () => this.rules().lasting,
      prepare: (rules) => this.#prepare(rules),
      events,
      clock,
      scheduler,
      log,
    });
    this.#watch();
    void this.#inherit();
  }

  /** A call has ended. Cheap: it is on the request thread. */
  readonly observe = (record: CallRecord): void => {
    this.#watch();
    this.#windows.observe(record, this.#deps.clock.monotonic());
  };

  /** This process was the first to tell of an event. */
  readonly told = (told: ToldEvent): void => {
    const { id, event } = told;
    const common = { id, at: told.at.getTime(), state: 'firing' } as const;
    if (event.kind === 'alert') {
      const rule = this.#ruleOf(event);
      if (rule) this.#send(rule, { ...common, kind: rule.type, event });
      return;
    }
    for (const { rule, channels, evidence } of this.#notices.told(told, this.#deps.clock.monotonic())) {
      this.#send(rule, { ...common, kind: event.kind, event: { ...event, evidence } }, channels);
    }
  };

  /** This process was the first to say that it is over. */
  readonly resolved = (resolved: ResolvedEvent): void => {
    const { dedupe, at, event } = resolved;
    if (!event) return;
    const common = { id: newId('notice'), at: at.getTime(), state: 'resolved' } as const;
    if (event.kind === 'alert') {
      const rule = this.#ruleOf(event);
      const evidence = { ...event.evidence, ...this.engine.evidenceOf(dedupe) };
      if (rule) this.#send(rule, { ...common, kind: rule.type, event: { ...event, evidence } });
      return;
    }
    for (const { rule, channels, evidence } of this.#notices.resolved(resolved)) {
      this.#send(rule, { ...common, kind: event.kind, event: { ...event, evidence } }, channels);
    }
  };

  /** How many things each rule fires about, for the metrics. */
  *firing(): Generator<Reading> {
    for (const { name } of this.rules().lasting) {
      const firing = [...this.engine.readings(name)].filter(({ phase }) => phase === 'firing');
      yield [firing.length, name];
    }
  }

  /** Sends what can still be sent. What fires stays so for the next process. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancelInheriting?.();
    this.engine.close();
    await this.outbox.close();
  }

  #prepare(rules: readonly LastingRule[]): void {
    this.#watch();
    this.#costs.refresh(rules.filter((rule) => rule.type === 'cost'));
  }

  /** The windows that the rules in force look at. */
  #watch(): void {
    const rules = this.rules();
    if (rules === this.#watching) return;
    this.#watching = rules;
    this.#windows.watch(rules.lasting.filter((rule) => 'minimumRequests' in rule));
  }

  /** Goes on from what processes before this one told. */
  async #inherit(): Promise<void> {
    try {
      for (const stored of await this.#deps.openEvents()) this.#inheritOne(stored);
    } catch (err) {
      if (this.#isClosed) return;
      this.#deps.log.warn({ err }, 'which alerts were firing before this start is not known yet');
      this.#cancelInheriting = this.#deps.scheduler.after(INHERIT_AGAIN_MS, () => void this.#inherit());
    }
  }

  #inheritOne({ subject, severity, dedupe, evidence }: StoredEvent): void {
    if (dedupe === null || this.#isClosed) return;
    const known = SEVERITIES.find((one) => one === severity) ?? 'warning';
    const facts = isJsonObject(evidence) ? evidence : {};
    const event: NewEvent = { kind: 'alert', severity: known, subject, dedupe, evidence: facts };
    const rule = this.#ruleOf(event);
    if (rule) this.engine.inherit(rule, subject, event);
    else this.#deps.events.resolve(dedupe);
  }

  #ruleOf({ evidence }: NewEvent): LastingRule | undefined {
    const name = asString(evidence['rule']);
    return this.rules().lasting.find((rule) => rule.name === name && rule.type === evidence['what']);
  }

  #send(rule: AlertRule, { event, ...telling }: Telling, channels = this.rules().channelsOf(rule)): void {
    const { source } = this.#deps.settings();
    const { severity } = event;
    const [subject, evidence] = [storableName(event.subject), storableEvidence(event.evidence)];
    this.outbox.send({ ...telling, source, alert: rule.name, severity, subject, evidence }, channels);
  }
}
