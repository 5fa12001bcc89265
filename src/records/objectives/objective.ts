import { NANO_PER_USD } from '../../core/money.ts';
import { DAY_MS } from '../../core/units.ts';
import type { CallRecord } from '../journal/record.ts';
import { isOfModels, isServiceFault } from '../served.ts';
import type { ObjectiveSettings } from './settings.ts';

type ObjectiveName = 'availability' | 'latency' | 'ttft' | 'cost';

/** One thing that a virtual model should be. */
export interface Objective {
  readonly model: string;
  readonly name: ObjectiveName;
  /** A share of the requests; of `cost` dollars per 1,000 tokens. */
  readonly target: number;
  /** Of latency and ttft. */
  readonly belowMs: number | undefined;
  readonly windowMs: number;
}

/** What counts, in the two numbers that every objective has: bad and good requests; of `cost` dollars and tokens. */
export type Amounts = readonly [spent: number, earned: number];

const GOOD: Amounts = [0, 1];
const BAD: Amounts = [1, 0];

const LONGEST_WINDOW_MS = 90 * DAY_MS;

/** What the settings of a virtual model ask for. */
export function objectivesOf(model: string, settings: ObjectiveSettings | undefined): Objective[] {
  if (!settings) return [];
  const { availability, latency, ttft, costPer1kTokens } = settings;
  const windowMs = Math.min(settings.window, LONGEST_WINDOW_MS);
  const found: Objective[] = [];
  const add = (name: ObjectiveName, target: number, belowMs?: number): void =>
    void found.push({ model, name, target, belowMs, windowMs });
  if (availability !== undefined) add('availability', availability);
  if (latency) add('latency', latency.of, latency.below);
  if (ttft) add('ttft', ttft.of, ttft.below);
  if (costPer1kTokens !== undefined) add('cost', costPer1kTokens);
  return found;
}

/** What a request counts for an objective; undefined where it says nothing about it. */
export function amountsOf({ name, belowMs = 0 }: Objective, record: CallRecord): Amounts | undefined {
  if (!isOfModels(record)) return undefined;
  if (name === 'availability') return availabilityOf(record);
  if (name === 'latency') return latencyOf(record, belowMs);
  return name === 'ttft' ? ttftOf(record, belowMs) : costOf(record);
}

function availabilityOf(record: CallRecord): Amounts | undefined {
  if (record.status === 'completed') return GOOD;
  return isServiceFault(record) ? BAD : undefined;
}

/** Of whole answers. Who left after the bound has shown that it was missed; who left before it, nothing. */
function latencyOf({ status, latencyMs }: CallRecord, belowMs: number): Amounts | undefined {
  if (status === 'completed') return latencyMs <= belowMs ? GOOD : BAD;
  return status === 'aborted' && latencyMs > belowMs ? BAD : undefined;
}

/** Of streams that said something, however they ended. */
function ttftOf({ status, streamed, ttftMs, latencyMs }: CallRecord, belowMs: number): Amounts | undefined {
  if (ttftMs !== undefined) return ttftMs <= belowMs ? GOOD : BAD;
  return streamed && status === 'aborted' && latencyMs > belowMs ? BAD : undefined;
}

/** What has no price or no tokens is left out on both sides. */
function costOf({ costKnown, costNanoUsd, usage }: CallRecord): Amounts | undefined {
  const tokens = (usage?.inputTokens ?? 0) + (usage?.outputTokens ?? 0);
  return costKnown && tokens > 0 ? [costNanoUsd / NANO_PER_USD, tokens] : undefined;
}

/**
 * How fast the error budget is used up: 1 is as fast as the objective allows. Of `cost`, where there are no bad
 * requests, what was paid over what should have been. Undefined where nothing counted.
 */
export function burnOf({ name, target }: Objective, [spent, earned]: Amounts): number | undefined {
  if (name === 'cost') return earned === 0 ? undefined : ((spent / earned) * 1000) / target;
  const all = spent + earned;
  return all === 0 ? undefined : spent / all / (1 - target);
}
