import assert from 'node:assert/strict';

import type { Call } from '../../src/core/call.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { Policies } from '../../src/pipeline/guards/engine/guard-policy.ts';
import type { InputDeps } from '../../src/pipeline/guards/input/deps.ts';
import type { GoesOn, InputOutcome } from '../../src/pipeline/guards/input/outcome.ts';
import { screenRequest } from '../../src/pipeline/guards/input/screen-request.ts';
import { scanAll } from '../../src/pipeline/guards/scan/scan-all.ts';
import { FakeClock } from './fake-clock.ts';
import { makePolicy, patternScanner, scanningGuard } from './guard-policy.ts';
import { makeCall } from './make-call.ts';

export const clock = new FakeClock();
/** Scans on the spot, with a clock of the test's. */
export const deps: InputDeps = {
  desk: {
    scan(policy, asked) {
      return scanAll(new Map(policy.scanning.map(({ name, scanner }) => [name, scanner])), asked);
    },
  },
  clock,
  scheduler: clock,
  secret: 'a secret of the gateway',
};

export const PHONE = /1[3-9]\d{9}/;
export const phones = patternScanner(PHONE, 'PHONE');
export const redacting = makePolicy({ scanning: [scanningGuard('pii', 'redact', phones)] });

export function chat(...messages: JsonObject[]): Call {
  return makeCall({ json: { model: 'm', messages } });
}

export function user(content: JsonObject['content']): JsonObject {
  return { role: 'user', content: content ?? null };
}

export function bodyOf(call: Call): JsonObject {
  return JSON.parse(call.body.bytesWith([]).toString()) as JsonObject;
}

export function inputOf(call: Call): string {
  const { input } = bodyOf(call);
  return typeof input === 'string' ? input : '';
}

export async function passed(call: Call, ...policies: Policies): Promise<GoesOn> {
  const outcome = await screenRequest(deps, call, policies);
  assert.equal(outcome.kind, 'go-on');
  return outcome;
}

/** `guard place outcome` of each verdict. */
export function outcomes({ verdicts }: InputOutcome): string[] {
  return verdicts.map(({ guard, place, outcome }) => `${guard} ${place} ${outcome}`);
}
