import assert from 'node:assert/strict';
import { type TestContext, after, before, beforeEach, describe, test } from 'node:test';

import { GatewayError } from '../../src/core/errors.ts';
import { type JsonObject, asString } from '../../src/core/json.ts';
import { Sealer } from '../../src/pipeline/access/sealing.ts';
import { PostgresReviewStore } from '../../src/pipeline/guards/review/postgres-review-store.ts';
import { SealedParts, resealReviews } from '../../src/pipeline/guards/review/sealed-parts.ts';
import { textReply } from '../support/text-reply.ts';
import { type TracesDatabase, openTracesDatabase } from '../support/traces-database.ts';
import {
  ASYNC,
  HOUR_MS,
  MASTER_KEY,
  REASONS,
  RISKY,
  type ReviewBenchOptions,
  SECRET,
  again,
  asked,
  startReviewBench,
} from './review-bench.ts';

let opened: TracesDatabase;
before(async () => (opened = await openTracesDatabase()));
after(() => opened.close());
beforeEach(() => opened.database.pool.query('truncate guard_reviews'));

const startBench = (t: TestContext, options: ReviewBenchOptions = {}) => startReviewBench(t, opened.database, options);
const said = (answer: JsonObject): unknown =>
  (answer as { choices?: { message: { content: string } }[] }).choices?.[0]?.message.content;
const body = (view: JsonObject): JsonObject => (view['answer'] as JsonObject)['body'] as JsonObject;

describe('a client that waits for its answer', () => {
  test('is told the review, sends the same again once it is approved, and gets one answer', async (t) => {
    const { chat, admin, park, ask, models } = await startBench(t);
    const id = await park();
    assert.equal(await park(), id, 'it waits once');
    assert.match((await chat(RISKY, again(id))).text, /somebody has to approve/i);
    const approved = await admin(`/${id}/approve`, { note: 'fine', by: 'ada' });
    assert.deepEqual([approved.status, approved.json['state'], approved.json['decided_by']], [200, 'approved', 'ada']);
    const { json } = await ask(`/v1/reviews/${id}`);
    assert.match(asString(json['message']) ?? '', /Send the same request again/);
    const rewritten = `\n${JSON.stringify(RISKY, undefined, 2)}`;
    const answers = await Promise.all([chat(rewritten, again(id)), chat(RISKY, again(id))]);
    assert.deepEqual(
      answers.map(({ status }) => status).toSorted((a, b) => a - b),
      [200, 403],
    );
    assert.equal(models.length, 1);
    assert.match((await chat(RISKY, again(id))).text, /used up/);
  });

  test('gets nothing through with an approval of another request, of another key, or of nobody', async (t) => {
    const { chat, admin, park, ask, models } = await startBench(t);
    const id = await park();
    await admin(`/${id}/approve`);
    const other = await chat(asked(`${SECRET}!`), again(id));
    assert.deepEqual([other.status, other.json['error'] && /another request/.test(other.text)], [400, true]);
    assert.equal((await chat({ ...RISKY, stream: true }, again(id))).status, 400);
    assert.equal((await chat(RISKY, again(id), 'cw-other')).status, 404);
    assert.equal((await chat(RISKY, again('rev_none'))).status, 404);
    assert.equal((await ask(`/v1/reviews/${id}`, { key: 'cw-other' })).status, 404);
    assert.equal((await ask(`/v1/reviews/${id}`, { key: 'admin-key' })).status, 200);
    assert.equal(models.length, 0);
    assert.equal((await chat(RISKY, again(id))).status, 200, 'none of it used the approval up');
  });

  test('may use the approval again where nothing came of the call', async (t) => {
    let isAway = true;
    const { chat, admin, park } = await startBench(t, {
      model: async () => {
        if (isAway) throw new GatewayError('provider_overloaded');
        return textReply('at last');
      },
    });
    const id = await park();
    await admin(`/${id}/approve`);
    assert.equal((await chat(RISKY, again(id))).status, 503);
    isAway = false;
    assert.equal(said((await chat(RISKY, again(id))).json), 'at last');
  });

  test('is told what the reviewer says, and that a review has expired', async (t) => {
    const { chat, admin, park, clock } = await startBench(t);
    const rejected = await park();
    await admin(`/${rejected}/reject`, { message: 'Ask your lawyer.', note: 'no' });
    const refused = await chat(RISKY, again(rejected));
    assert.deepEqual([refused.status, /Ask your lawyer\./.test(refused.text)], [400, true]);
    const expired = await park();
    assert.notEqual(expired, rejected);
    clock.advance(HOUR_MS);
    assert.match((await chat(RISKY, again(expired))).text, /has expired/);
    assert.equal((await admin(`/${expired}/approve`)).status, 400);
  });

  test('gets the answer of a request that a reviewer has written anew', async (t) => {
    const { chat, admin, park, settled, models } = await startBench(t);
    const id = await park({ ...RISKY, stream: true });
    const unlike = await admin(`/${id}/edit`, { body: asked('harmless') });
    assert.deepEqual([unlike.status, /streamed/.test(unlike.text)], [400, true]);
    assert.equal((await admin(`/${id}/edit`, { answer: 'x' })).status, 400);
    assert.equal((await admin(`/${id}/edit`, { body: asked('harmless', { stream: true }) })).status, 200);
    assert.equal((await settled(id))['status'], 'done');
    const { headers, text } = await chat({ ...RISKY, stream: true }, again(id));
    assert.match(String(headers.get('content-type')), /event-stream/);
    assert.ok(text.includes('harmless') && text.trimEnd().endsWith('data: [DONE]') && !text.includes(SECRET), text);
    assert.equal(models.length, 1);
  });

  test('gets the answer that was held, asked for whole or as a stream, and the model is not asked again', async (t) => {
    const { chat, admin, park, models } = await startBench(t, { holdsAnswers: true });
    for (const own of [{}, { stream: true }]) {
      const request = { ...RISKY, ...own };
      const id = await park(request);
      const held = (await admin(`/${id}`)).json['held'] as JsonObject;
      assert.deepEqual(held['texts'], [{ choice: 0, text: 'held' }]);
      await admin(`/${id}/approve`);
      const { status, text } = await chat(request, again(id));
      assert.deepEqual([status, text.includes('"held"'), text.includes('[DONE]')], [200, true, 'stream' in own]);
    }
    assert.equal(models.length, 2);
  });
});

describe('a client that asks for its answer later', () => {
  test('is told where, and finds the answer there', async (t) => {
    const { chat, admin, ask, settled } = await startBench(t);
    const { status, headers, json } = await chat(RISKY, ASYNC);
    const id = asString(json['id']) ?? '';
    assert.deepEqual(
      [status, headers.get('location'), headers.get('preference-applied'), json['status'], json['status_url']],
      [202, `/v1/reviews/${id}`, 'respond-async', 'waiting', `/v1/reviews/${id}`],
    );
    const waiting = await ask(`/v1/reviews/${id}`);
    assert.deepEqual([waiting.json['status'], waiting.json['answer']], ['waiting', null]);
    await admin(`/${id}/approve`);
    const done = await settled(id);
    const answer = done['answer'] as JsonObject;
    assert.deepEqual([done['status'], answer['status'], answer['content_type']], ['done', 200, 'application/json']);
    assert.match(String(said(body(done))), /said: .*risky/);
    assert.match(asString(answer['request_id']) ?? '', /^[\da-f]{32}$/);
  });

  test('finds it in its own API, streamed where it asked for that', async (t) => {
    const { ask, admin, settled } = await startBench(t);
    const contents = [{ role: 'user', parts: [{ text: SECRET }] }];
    const requests: [path: string, body: JsonObject, shape: RegExp][] = [
      ['/v1/messages', { ...RISKY, max_tokens: 9 }, /"type":"message"/],
      ['/v1/messages', { ...RISKY, max_tokens: 9, stream: true }, /event: message_stop/],
      ['/v1/responses', { model: 'chat', input: SECRET }, /"object":"response"/],
      ['/v1beta/models/chat:generateContent', { contents }, /"candidates":/],
      ['/v1beta/models/chat:streamGenerateContent?alt=sse', { contents }, /data: \{.*"candidates":/],
    ];
    for (const [path, sent, shape] of requests) {
      const { status, json, text } = await ask(path, { body: sent, headers: ASYNC });
      assert.equal(status, 202, text);
      const id = asString(json['id']) ?? '';
      assert.equal((await admin(`/${id}/approve`)).status, 200);
      const answer = body(await settled(id)) as unknown;
      const shown = typeof answer === 'string' ? answer : JSON.stringify(answer);
      assert.match(shown, shape);
      assert.ok(shown.includes(SECRET), 'it is the answer to what was asked');
    }
  });

  test('finds an error there where one came, in its own API', async (t) => {
    const bench = await startBench(t, { model: () => Promise.reject(new GatewayError('provider_overloaded')) });
    const id = await bench.park(RISKY, ASYNC);
    await bench.admin(`/${id}/approve`);
    const failed = await bench.settled(id);
    const answer = failed['answer'] as JsonObject;
    assert.deepEqual([failed['status'], answer['status']], ['failed', 503]);
    assert.ok((answer['body'] as JsonObject)['error']);
  });

  test('finds an answer in place of the one that was held', async (t) => {
    const { admin, park, settled } = await startBench(t, { holdsAnswers: true });
    const id = await park(RISKY, ASYNC);
    await admin(`/${id}/edit`, { answer: 'somebody’s own words' });
    assert.equal(said(body(await settled(id))), 'somebody’s own words');
  });

  test('gets nothing where its key is revoked by then', async (t) => {
    const { admin, park, settled } = await startBench(t, { isRevoked: true });
    const id = await park(RISKY, ASYNC);
    const edited = await admin(`/${id}/edit`, { body: RISKY });
    assert.deepEqual(
      [edited.status, /key_\S* is not in force|key of its client/.test(edited.text)],
      [400, true],
      edited.text,
    );
    await admin(`/${id}/approve`);
    const failed = await settled(id);
    assert.deepEqual([failed['status'], failed['answer']], ['failed', null]);
    assert.match(asString(failed['message']) ?? '', /revoked/);
  });

  test('is answered by the next process where this one ends', async (t) => {
    const begun = Promise.withResolvers<void>();
    const first = await startBench(t, {
      model: (call) =>
        new Promise((_, reject) => {
          begun.resolve();
          call.cancellation.onCancel(() => reject(new GatewayError('shutting_down')));
        }),
    });
    const id = await first.park(RISKY, ASYNC);
    await first.admin(`/${id}/approve`);
    await begun.promise;
    await first.reviews.close();
    assert.equal((await first.ask(`/v1/reviews/${id}`)).json['status'], 'approved');
    const second = await startBench(t);
    second.clock.advance(15_000);
    assert.equal((await second.settled(id))['status'], 'done');
  });
});

describe('reviewers', () => {
  test('see what waits and what was asked, decide once, and are told what cannot be', async (t) => {
    const { admin, park } = await startBench(t);
    const id = await park();
    const { json } = await admin('?state=waiting&project=default');
    const [listed] = json['data'] as JsonObject[];
    assert.deepEqual(
      [listed?.['id'], listed?.['policy'], listed?.['reasons'], listed?.['key_id'], 'request' in (listed ?? {})],
      [id, 'strict', REASONS, 'key_good', false],
    );
    assert.deepEqual((await admin('?project=other')).json['data'], []);
    assert.deepEqual((await admin(`/${id}`)).json['request'], RISKY);
    const faults: [string, JsonObject | undefined, RegExp][] = [
      ['?state=gone', undefined, /must be one of waiting/],
      ['?cursor=x', undefined, /cursor/],
      [`/${id}/approve`, { message: 'x' }, /`message` is not known here/],
      [`/${id}/edit`, {}, /`body` or `answer` is needed/],
      [`/${id}/edit`, { body: 'text' }, /`body` must be a JSON object/],
      [`/${id}/reject`, { note: 1 }, /`note` must be a text/],
    ];
    for (const [path, sent, fault] of faults) {
      const { status, text } = await admin(path, sent);
      assert.deepEqual([status, fault.test(text)], [400, true], text);
    }
    assert.equal((await admin('/rev_none')).status, 404);
    const decided = await Promise.all([admin(`/${id}/approve`), admin(`/${id}/reject`), admin(`/${id}/approve`)]);
    assert.equal(decided.filter(({ status }) => status === 200).length, 1);
    assert.match(decided.find(({ status }) => status === 400)?.text ?? '', /already/);
  });

  test('are told once an hour and project that something waits', async (t) => {
    const { clock, events, park, reviews } = await startBench(t);
    await park();
    await park(asked('another risky one'));
    for (let minutes = 0; minutes < 2; minutes += 1) {
      clock.advance(60_000);
      while (reviews.countWaiting() !== 2) await new Promise(setImmediate);
    }
    const [first] = events;
    assert.deepEqual(
      [first?.kind, first?.subject, first?.evidence['waiting']],
      ['review_waiting', 'project:default', 2],
    );
    assert.equal(new Set(events.map(({ dedupe }) => dedupe)).size, 1);
  });
});

describe('what is kept', () => {
  test('is sealed, each part in its own place', async (t) => {
    const { admin, park, settled } = await startBench(t);
    const id = await park(RISKY, ASYNC);
    await admin(`/${id}/approve`);
    await settled(id);
    const { rows } = await opened.database.pool.query('select * from guard_reviews');
    assert.ok(!JSON.stringify(rows).includes('risky'));
    await opened.database.pool.query('update guard_reviews set result = request');
    assert.equal((await admin(`/${id}`)).status, 503, 'a box in another place does not open');
  });

  test('opens under a new master key alone, once it is sealed again', async (t) => {
    const { park, reviews, clock } = await startBench(t, { holdsAnswers: true });
    const ids = await Promise.all(Array.from({ length: 21 }, (_, at) => park(asked(`risky ${at}`))));
    const store = new PostgresReviewStore(opened.database.orm, clock);
    const newKey = 'another master key of the tests';
    const both = new Sealer(newKey, [MASTER_KEY]);
    assert.deepEqual([await resealReviews(store, both), await resealReviews(store, both)], [21, 0]);
    const parts = new SealedParts(new Sealer(newKey));
    for (const id of ids) {
      const review = await reviews.desk.find(id);
      assert.ok(parts.openRequest(review).body.includes('risky') && parts.openHeld(review));
    }
  });

  test('is nothing without a master key: the call is refused and says why', async (t) => {
    const { chat } = await startBench(t, { sealed: false });
    const { status, text } = await chat(RISKY, ASYNC);
    assert.deepEqual([status, /CAUSEWAY_MASTER_KEY/.test(text), /guard_review/.test(text)], [403, true, true]);
  });
});
