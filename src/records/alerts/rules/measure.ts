import type { JsonObject } from '../../../core/json.ts';
import type { RequestSums } from './request-window.ts';
import type { RequestWindows } from './request-windows.ts';
import type { LastingRule, RequestRule, RuleOf } from './settings.ts';
import { countOf, quantileOf } from './time-histogram.ts';

/** What a rule sees of one thing. */
export interface Measured {
  /** e.g. `model:chat` */
  readonly subject: string;
  /** Undefined where nothing is known, so that nothing changes. */
  readonly isAbove: boolean | undefined;
  /** Undefined where there is none. */
  readonly value: number | undefined;
  /** Numbers and names that show it. */
  readonly evidence: JsonObject;
}

/** What is read of other rooms when rules are judged. */
export interface AlertReadings {
  queueWaiting(): Iterable<{ readonly target: string; readonly waiting: number }>;
  breakers(): Iterable<{ readonly target: string; readonly state: 'closed' | 'half-open' | 'open' }>;
  /** Keys of providers that these refuse. */
  refusedKeys(): Iterable<{ readonly provider: string; readonly refused: number }>;
}

export interface MeasureDeps {
  readonly windows: RequestWindows;
  readonly readings: AlertReadings;
  /** Dollars that were spent in the time of a rule, as far as they were asked for; undefined where that is not known. */
  costOf(rule: RuleOf<'cost'>): number | undefined;
}

/** All that a rule is about, as it is now. */
export function measure(rule: LastingRule, deps: MeasureDeps, nowMs: number): readonly Measured[] {
  switch (rule.type) {
    case 'error-rate':
    case 'latency':
    case 'ttft':
      return [...deps.windows.sums(rule, nowMs)].map(([model, sums]) => ofRequests(rule, model, sums));
    case 'cost':
      return [ofCost(rule, deps.costOf(rule))];
    case 'queue':
      return ofQueues(rule, deps.readings);
    case 'breaker':
      return ofBreakers(rule, deps.readings);
    default:
      return [...deps.readings.refusedKeys()].map(({ provider, refused }) => ({
        subject: `provider:${provider}`,
        isAbove: refused > 0,
        value: refused,
        evidence: { value: refused, unit: 'keys' },
      }));
  }
}

const QUANTILES = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99 } as const;

function ofRequests(rule: RequestRule, model: string, sums: RequestSums): Measured {
  const { above, window, minimumRequests, project } = rule;
  const { value, requests, facts } = rule.type === 'error-rate' ? errorRate(sums) : times(rule, sums);
  return {
    subject: `model:${model}`,
    isAbove: requests >= minimumRequests && value !== undefined && value > above,
    value,
    evidence: {
      value: value ?? 0,
      above,
      ...facts,
      window_ms: window,
      requests,
      ...(project !== undefined && { project }),
    },
  };
}

interface Found {
  readonly value: number | undefined;
  readonly requests: number;
  readonly facts: JsonObject;
}

function errorRate({ requests, errors }: RequestSums): Found {
  return { value: requests === 0 ? undefined : errors / requests, requests, facts: { unit: 'share', errors } };
}

function times({ type, quantile }: RuleOf<'latency' | 'ttft'>, sums: RequestSums): Found {
  const value = quantileOf(sums[type], QUANTILES[quantile]);
  const facts = { unit: 'ms', quantile };
  return { value: value === undefined ? undefined : Math.round(value), requests: countOf(sums[type]), facts };
}

function ofCost({ above, window, model, project }: RuleOf<'cost'>, value: number | undefined): Measured {
  const subject = model === undefined ? (project === undefined ? 'all' : `project:${project}`) : `model:${model}`;
  return {
    subject,
    isAbove: value === undefined ? undefined : value > above,
    value,
    evidence: {
      value: value ?? 0,
      above,
      unit: 'usd',
      window_ms: window,
      ...(project !== undefined && { project }),
    },
  };
}

function ofQueues({ target: only, above }: RuleOf<'queue'>, readings: AlertReadings): Measured[] {
  const waiting = new Map<string, number>();
  for (const one of readings.queueWaiting()) waiting.set(one.target, (waiting.get(one.target) ?? 0) + one.waiting);
  const found = [...waiting].filter(([target]) => only === undefined || target === only);
  return found.map(([target, value]) => ({
    subject: `target:${target}`,
    isAbove: value > above,
    value,
    evidence: { value, above, unit: 'requests' },
  }));
}

/** A breaker that lets a request through to try is not closed yet. */
function ofBreakers({ target: only }: RuleOf<'breaker'>, readings: AlertReadings): Measured[] {
  const open = new Map<string, boolean>();
  for (const { target, state } of readings.breakers()) {
    open.set(target, (open.get(target) ?? false) || state !== 'closed');
  }
  const found = [...open].filter(([target]) => only === undefined || target === only);
  return found.map(([target, isAbove]) => ({
    subject: `target:${target}`,
    isAbove,
    value: isAbove ? 1 : 0,
    evidence: { target },
  }));
}
