import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';

import type { Call, Principal } from '../../src/core/call.ts';
import { GatewayError } from '../../src/core/errors.ts';
import { type JsonObject, asString } from '../../src/core/json.ts';
import type { Reply } from '../../src/core/reply.ts';
import { adapterOf } from '../../src/edge/dialects/registry.ts';
import { keptCall } from '../../src/edge/kept-call.ts';
import { renderReply } from '../../src/edge/render-reply.ts';
import { Sealer } from '../../src/pipeline/access/sealing.ts';
import { openReviews } from '../../src/pipeline/guards/review/open-reviews.ts';
import { parkedReply } from '../../src/pipeline/guards/review/parked-reply.ts';
import type { ReviewReason } from '../../src/pipeline/guards/review/review.ts';
import type { ReviewDesk } from '../../src/pipeline/guards/review/review-desk.ts';
import type { NewEvent } from '../../src/records/events/event.ts';
import type { Database } from '../../src/storage/database/database.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { streamReply, textEvents, textReply } from '../support/text-reply.ts';
import { PRINCIPAL, startEdge } from './fake-edge.ts';

export const HOUR_MS = 3_600_000;
export const REASONS: readonly ReviewReason[] = [{ guard: 'keywords', place: 'input', found: { violence: 1 } }];
/** Somebody is asked about whatever has the word `risky`. */
export const SECRET = 'the risky word';
export const ASYNC = { prefer: 'wait=5, Respond-Async; x=1' };
export const MASTER_KEY = 'a master key of the tests';
const POLICY = { name: 'strict', review: { tools: [], expires: HOUR_MS, keep: 24 * HOUR_MS } };
const DECISION = /\/(?:approve|edit|reject)$/;

export const asked = (text: string, own: JsonObject = {}): JsonObject => ({
  model: 'chat',
  messages: [{ role: 'user', content: text }],
  ...own,
});
export const RISKY = asked(SECRET);
export const again = (id: string) => ({ 'x-causeway-review': id });

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: JsonObject;
}

interface Asked {
  readonly body?: JsonObject | string | undefined;
  readonly headers?: Record<string, string>;
  readonly key?: string;
}

export interface ReviewBenchOptions {
  readonly sealed?: boolean;
  /** What the model says; by default what it was asked. */
  readonly model?: (call: Call) => Promise<Reply>;
  /** The answer has to be approved, and not the request. */
  readonly holdsAnswers?: boolean;
  /** By the time at which the gateway would answer. */
  readonly isRevoked?: boolean;
}

/** A front door, and behind it one guard that has somebody asked. */
export async function startReviewBench(t: TestContext, { orm }: Database, options: ReviewBenchOptions = {}) {
  const clock = new FakeClock();
  const events: NewEvent[] = [];
  const models: Call[] = [];
  const reviews = openReviews({
    orm,
    sealer: options.sealed === false ? undefined : new Sealer(MASTER_KEY),
    clock,
    scheduler: clock,
    log: { warn: (facts) => assert.fail(JSON.stringify(facts)) },
    events: { raise: (event) => void events.push(event) },
    callOf(kept) {
      if (options.isRevoked === true) throw new GatewayError('auth_invalid_key');
      return keptCall(kept, { ...PRINCIPAL, keyId: kept.keyId }, { clock, limits: { trustedProxies: 0 } });
    },
    run: (call) => guarded(call, reviews.desk, options, models),
    render: (call, reply) => renderReply(call, adapterOf(call.dialect), reply, 100_000),
  });
  const edge = await startEdge(t, {
    handler(call) {
      call.principal = holderOf(call);
      return guarded(call, reviews.desk, options, models);
    },
    identify: holderOf,
    adminRoutes: [reviews.routes],
    clientRoutes: [reviews.clientRoutes],
  });
  t.after(() => reviews.close());
  const ask = asker(edge.url);
  const chat = (body: JsonObject | string, headers: Record<string, string> = {}, key = 'cw-good') =>
    ask('/v1/chat/completions', { body, headers, key });
  return {
    clock,
    events,
    /** What models were asked. */
    models,
    reviews,
    ask,
    chat,
    admin: (path: string, body: JsonObject | undefined = DECISION.test(path) ? {} : undefined) =>
      ask(`/admin/v1/reviews${path}`, { body, key: 'admin-key' }),
    /** Parks a request. @returns the review's id */
    park: async (body: JsonObject = RISKY, headers: Record<string, string> = {}): Promise<string> => {
      const { status, text } = await chat(body, headers);
      assert.equal(status, headers === ASYNC ? 202 : 403, text);
      return /rev_[\da-f]+/.exec(text)?.[0] ?? assert.fail(text);
    },
    /** What the client sees once the gateway has made the answer. */
    settled: async (id: string): Promise<JsonObject> => {
      for (;;) {
        const { json } = await ask(`/v1/reviews/${id}`);
        if (json['status'] !== 'approved') return json;
      }
    },
  };
}

function holderOf({ headers }: Call): Principal {
  const credential = asString(headers['authorization']) ?? asString(headers['x-goog-api-key']) ?? '';
  return { ...PRINCIPAL, keyId: `key_${/cw-(\w+)/.exec(credential)?.[1]}` };
}

type Desk = Pick<ReviewDesk, 'pass' | 'park'>;

async function guarded(call: Call, desk: Desk, options: ReviewBenchOptions, models: Call[]): Promise<Reply> {
  const { model = echo, holdsAnswers = false } = options;
  const approval = await desk.pass(call);
  if (approval?.answer) return approval.answer;
  const isRisky = JSON.stringify(call.body.json).includes('risky') && approval?.covers('keywords', 'input') !== true;
  const ask = { reasons: REASONS, policy: POLICY };
  if (isRisky && !holdsAnswers) return parkedReply(call, await desk.park(call, { kind: 'request', ...ask }));
  models.push(call);
  if (isRisky) {
    const answer = { kind: 'events', status: 200, events: textEvents('held'), rewritten: true } as const;
    return parkedReply(call, await desk.park(call, { kind: 'answer', answer, ...ask }));
  }
  try {
    return await model(call);
  } catch (error) {
    await approval?.giveBack();
    throw error;
  }
}

/** A model that says what it was asked. */
async function echo(call: Call): Promise<Reply> {
  const text = `said: ${call.body.raw.toString()}`;
  return call.facts.stream ? streamReply(textEvents(text), true) : textReply(text);
}

function asker(url: string) {
  return async (path: string, { body, headers = {}, key = 'cw-good' }: Asked = {}): Promise<Answer> => {
    const response = await fetch(url + path, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}`, ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const json = text.startsWith('{') ? (JSON.parse(text) as JsonObject) : {};
    return { status: response.status, headers: response.headers, text, json };
  };
}
