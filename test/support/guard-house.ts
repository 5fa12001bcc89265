import assert from 'node:assert/strict';

import { type JsonObject, asString, isJsonObject, parseJson } from '../../src/core/json.ts';
import type { Verdict } from '../../src/core/screening.ts';
import type { TraceView } from '../../src/records/traces/view-schema.ts';
import { GUARD_TARGETS, type GuardAnswer, type GuardApi, askGuarded } from './guard-apis.ts';
import type { GuardTexts } from './guard-shapes.ts';
import { type GuardUpstream, startGuardUpstream } from './guard-upstream.ts';
import { type Gateway, startGateway } from './gateway.ts';

/** A policy as causeway.yaml has it. */
export type PolicyText = Readonly<Record<string, unknown>>;

export interface GuardHouseOptions {
  readonly policies: Readonly<Record<string, PolicyText>>;
  /** Of every model. */
  readonly model?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}

/** A gateway with policies, and a stand-in for every provider. */
export interface GuardHouse {
  readonly gateway: Gateway;
  readonly upstream: GuardUpstream;
  /** causeway.yaml with these policies. */
  configOf(policies: GuardHouseOptions['policies']): string;
  /** Asks in this API, under this policy. */
  ask(
    api: GuardApi,
    policy: string,
    texts: GuardTexts,
    own?: { readonly headers?: Readonly<Record<string, string>>; readonly key?: string },
  ): Promise<GuardAnswer>;
  close(): Promise<void>;
}

/** The name of a virtual model. */
export function guardModel(policy: string, models: string): string {
  return `${policy}.${models}`;
}

export async function startGuardHouse(options: GuardHouseOptions): Promise<GuardHouse> {
  const upstream = await startGuardUpstream();
  const configOf: GuardHouse['configOf'] = (policies) => configText(upstream.url, policies, options.model);
  const gateway = await startGateway({
    config: configOf(options.policies),
    ...(options.env ? { env: options.env } : {}),
  });
  return {
    gateway,
    upstream,
    configOf,
    ask(api, policy, texts, { headers, key } = {}) {
      const to = { url: gateway.url, apiKey: key ?? gateway.apiKey };
      const model = guardModel(policy, api.models);
      return askGuarded(api, to, { ...texts, model, ...(headers ? { headers } : {}) });
    },
    async close() {
      await gateway.close();
      await upstream.close();
    },
  };
}

function configText(url: string, policies: GuardHouseOptions['policies'], model: GuardHouseOptions['model']): string {
  const at = { apiKey: 'upstream-key', baseUrl: url };
  const models = Object.keys(policies).flatMap((guards) =>
    Object.entries(GUARD_TARGETS).map(([kind, target]) => [guardModel(guards, kind), { target, guards, ...model }]),
  );
  const config = {
    providers: {
      gpt: { ...at, type: 'openai', baseUrl: `${url}/v1` },
      claude: { ...at, type: 'anthropic' },
      google: { ...at, type: 'gemini' },
    },
    guards: policies,
    // Records would take out personal data by themselves: what is not in them has to be the guards' doing.
    records: { bodies: 'full' },
    models: Object.fromEntries(models) as JsonObject,
  };
  // JSON is YAML, but a section a line is what the gateway of tests looks at.
  return Object.entries(config)
    .map(([name, section]) => `${name}: ${JSON.stringify(section)}\n`)
    .join('');
}

/** The records of these requests, with their texts, in one read. */
export async function tracesOf(
  { url, adminKey }: Gateway,
  ids: readonly (string | null)[],
  since: number,
): Promise<ReadonlyMap<string, TraceView>> {
  const wanted = ids.filter((id) => id !== null);
  const limit = performance.now() + 10_000;
  for (;;) {
    const response = await fetch(`${url}/admin/v1/traces/export?bodies=true&since=${since}`, {
      headers: { authorization: `Bearer ${adminKey}` },
    });
    const text = await response.text();
    assert.equal(response.status, 200, text);
    const all = new Map<string, TraceView>();
    for (const line of text.split('\n')) {
      const trace = parseJson(line);
      if (isJsonObject(trace)) all.set(asString(trace['trace_id']) ?? '', trace as unknown as TraceView);
    }
    if (wanted.every((id) => all.has(id))) return all;
    assert.ok(performance.now() < limit, 'records are missing');
  }
}

export function verdictsOf(trace: TraceView | undefined): readonly Verdict[] {
  return Array.isArray(trace?.verdicts) ? (trace.verdicts as Verdict[]) : [];
}

/** What is wrong with one answer: nothing, or one line for each. */
export class Faults {
  readonly #where: string;
  readonly all: string[] = [];

  constructor(where: string) {
    this.#where = where;
  }

  /** A fault unless it is so. */
  expect(isSo: boolean, what: string): void {
    if (!isSo) this.all.push(`${this.#where}: ${what}`);
  }

  equal(actual: unknown, expected: unknown, what: string): void {
    const [is, should] = [JSON.stringify(actual), JSON.stringify(expected)];
    this.expect(is === should, `${what} is ${is}, not ${should}`);
  }
}

/** Runs these, some at a time, so that none waits for long. */
export async function inBatches<T, R>(items: readonly T[], run: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let at = 0; at < items.length; at += BATCH) {
    results.push(...(await Promise.all(items.slice(at, at + BATCH).map(run))));
  }
  return results;
}
const BATCH = 24;
