import type { CallRecord } from '../../journal/record.ts';
import { OTHER } from '../../metrics/bounded-series.ts';
import { modelOf } from '../../model-of.ts';
import { isOfModels, isServiceFault, wasServed } from '../../served.ts';
import { type RequestFacts, type RequestSums, RequestWindow } from './request-window.ts';
import type { RequestRule } from './settings.ts';

/** More names than that are one. */
const MOST_MODELS = 200;
const MAX_NAME_CHARS = 128;

/** Windows of each model, for all rules that look at the same requests over the same time. */
interface Group {
  readonly model: string | undefined;
  readonly project: string | undefined;
  readonly windowMs: number;
  readonly models: Map<string, RequestWindow>;
}

/** What happened to the requests of this process lately, as far as a rule asks. */
export class RequestWindows {
  #groups = new Map<string, Group>();

  /** Windows that are still asked for stay as they are. */
  watch(rules: readonly RequestRule[]): void {
    const groups = new Map<string, Group>();
    for (const rule of rules) {
      const { model, project, window: windowMs } = rule;
      const key = keyOf(rule);
      groups.set(key, this.#groups.get(key) ?? { model, project, windowMs, models: new Map() });
    }
    this.#groups = groups;
  }

  /** @param nowMs monotonic */
  observe(record: CallRecord, nowMs: number): void {
    if (this.#groups.size === 0) return;
    const facts = factsOf(record);
    if (!facts) return;
    const model = modelOf(record).slice(0, MAX_NAME_CHARS);
    for (const group of this.#groups.values()) {
      if (group.model !== undefined && group.model !== model) continue;
      if (group.project !== undefined && group.project !== record.project) continue;
      windowOf(group, model).add(facts, nowMs);
    }
  }

  /** Each model that a rule looks at, with its requests. */
  *sums(rule: RequestRule, nowMs: number): Generator<readonly [model: string, sums: RequestSums]> {
    for (const [model, window] of this.#groups.get(keyOf(rule))?.models ?? []) yield [model, window.sums(nowMs)];
  }
}

function keyOf({ model, project, window }: RequestRule): string {
  return JSON.stringify([model, project, window]);
}

function windowOf({ models, windowMs }: Group, model: string): RequestWindow {
  const name = models.has(model) || models.size < MOST_MODELS ? model : OTHER;
  let window = models.get(name);
  if (!window) {
    window = new RequestWindow(windowMs);
    models.set(name, window);
  }
  return window;
}

/** What a client did wrong, gave up or may not do says nothing of how well it is served. */
function factsOf(record: CallRecord): RequestFacts | undefined {
  const isError = isServiceFault(record);
  if (!isOfModels(record) || (record.status !== 'completed' && !isError)) return undefined;
  return { isError, latencyMs: wasServed(record) ? record.latencyMs : undefined, ttftMs: record.ttftMs };
}
