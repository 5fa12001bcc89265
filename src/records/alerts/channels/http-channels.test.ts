import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, beforeEach, describe, test } from 'node:test';

import { Receiver } from '../../../../test/support/receiver.ts';
import type { Notice } from '../messages/notice.ts';
import { sendOnce } from './send.ts';
import type { ChannelSettings } from './settings.ts';

const NOW = Date.UTC(2026, 10, 21, 8, 0, 5, 678);
const KEY = Buffer.alloc(32, 7);
const SIGNING = `whsec_${KEY.toString('base64')}`;

const notice: Notice = {
  id: 'notice_1',
  at: Date.UTC(2026, 10, 21, 8),
  state: 'firing',
  alert: 'errors',
  kind: 'error-rate',
  severity: 'critical',
  subject: 'model:chat',
  evidence: { value: 0.234, above: 0.1, unit: 'share', window_ms: 300_000, requests: 47 },
  source: 'Causeway production',
};

const receiver = new Receiver();
before(() => receiver.listen());
beforeEach(() => receiver.clear());
after(() => receiver.close());

interface Parts {
  readonly secret?: string | undefined;
  readonly language?: 'en' | 'zh';
}

function channel(type: Exclude<ChannelSettings['type'], 'email'>, path: string, parts: Parts): ChannelSettings {
  return { type, url: receiver.url(path), language: 'en', allowPrivate: true, ...parts } as ChannelSettings;
}

const hook = () => channel('webhook', '/hook?token=sesame-1234', { secret: SIGNING });
const bot = (secret?: string) => channel('feishu', '/open-apis/bot/v2/hook/x', { secret, language: 'zh' });
const dingTalk = (secret?: string) => channel('dingtalk', '/robot/send?access_token=t0ken-1234', { secret });
const wecom = () => channel('wecom', '/cgi-bin/webhook/send?key=693a91f6', { language: 'zh' });

const send = (to: ChannelSettings, what = notice) => sendOnce(to, what, { now: () => NOW });
const json = (body: object) => (response: { end(text: string): void }) => response.end(JSON.stringify(body));

describe('a webhook', () => {
  test('gets JSON that is signed as Standard Webhooks says', async () => {
    assert.deepEqual(await send(hook()), { kind: 'sent' });
    const [{ headers, body, path } = assert.fail()] = receiver.received;
    assert.equal(path, '/hook?token=sesame-1234');
    assert.equal(headers['webhook-id'], 'notice_1');
    assert.equal(headers['webhook-timestamp'], String(Math.floor(NOW / 1000)));
    const expected = createHmac('sha256', KEY).update(`notice_1.${headers['webhook-timestamp']}.${body}`);
    assert.equal(headers['webhook-signature'], `v1,${expected.digest('base64')}`);
    assert.equal(headers['content-type'], 'application/json; charset=utf-8');
    assert.deepEqual(JSON.parse(body), {
      type: 'alert.firing',
      timestamp: '2026-11-21T08:00:00.000Z',
      data: {
        source: 'Causeway production',
        alert: 'errors',
        kind: 'error-rate',
        state: 'firing',
        severity: 'critical',
        subject: 'model:chat',
        title: '[Alert] Causeway production: too many requests fail (model chat)',
        evidence: notice.evidence,
      },
    });
  });

  test('is asked again after what passes, and not after what stays', async () => {
    const answers: [status: number, headers: Record<string, string>, verdict: object][] = [
      [204, {}, { kind: 'sent' }],
      [302, { location: '/' }, { kind: 'refused', reason: 'answered 302: redirects are not followed' }],
      [404, {}, { kind: 'refused', reason: 'answered 404: gone' }],
      [408, {}, { kind: 'later', reason: 'answered 408: gone', retryAfterMs: undefined }],
      [429, { 'retry-after': '17' }, { kind: 'later', reason: 'answered 429: gone', retryAfterMs: 17_000 }],
      [503, { 'retry-after': 'soon' }, { kind: 'later', reason: 'answered 503: gone', retryAfterMs: undefined }],
      [
        503,
        { 'retry-after': new Date(NOW + 4322).toUTCString() },
        { kind: 'later', reason: 'answered 503: gone', retryAfterMs: 4322 },
      ],
    ];
    for (const [status, headers, verdict] of answers) {
      receiver.answer = (response) => response.writeHead(status, headers).end(status === 204 ? '' : 'gone');
      assert.deepEqual(await send(hook()), verdict, String(status));
    }
  });

  test('promise 12: may repeat what it was sent; what is said of it holds no secret', async () => {
    const repeated = `no such receiver: ${SIGNING} ${KEY.toString('base64')} sesame-1234 ${receiver.url('/')}`;
    receiver.answer = (response) => response.writeHead(400).end(repeated);
    const verdict = JSON.stringify(await send(hook()));
    for (const secret of ['sesame', KEY.toString('base64')]) assert.ok(!verdict.includes(secret), verdict);
    const away = { ...hook(), url: 'http://127.0.0.1:1/services/T0/B0/XyZ12345678?key=sesame-1234' } as ChannelSettings;
    const refused = JSON.stringify(await send(away));
    assert.match(refused, /"later".*ECONNREFUSED/);
    assert.ok(!refused.includes('sesame') && !refused.includes('XyZ12345678'));
  });

  test('promise 12: on a private address gets nothing unless that is allowed', async () => {
    const verdict = await send({ ...hook(), allowPrivate: false });
    assert.match(JSON.stringify(verdict), /"refused".*127.0.0.1 is a loopback address.*allowPrivate: true/);
    assert.equal(receiver.received.length, 0);
  });
});

describe('Slack', () => {
  test('gets a header and fields, and a text for where these are not shown', async () => {
    assert.deepEqual(await send(channel('slack', '/services/T/B/x', {})), { kind: 'sent' });
    const [body] = receiver.bodies as [{ text: string; blocks: { type: string; fields?: { text: string }[] }[] }];
    assert.equal(body.text, '[Alert] Causeway production: too many requests fail (model chat)');
    assert.deepEqual(
      body.blocks.map(({ type }) => type),
      ['header', 'section'],
    );
    const fields = body.blocks[1]?.fields?.map(({ text }) => text);
    assert.ok(fields?.includes('*Now:*\n23.4 %') && fields.includes('*Limit:*\n10 %'), String(fields));
  });

  test('shows a name that looks like a mention as a name', async () => {
    await send(channel('slack', '/', {}), { ...notice, subject: 'user:<!channel> <https://evil.example|here>\n*x' });
    const [{ text, blocks }] = receiver.bodies as [{ text: string; blocks: { text?: object; fields?: object[] }[] }];
    assert.deepEqual({ ...blocks[0]?.text, text: '' }, { type: 'plain_text', text: '', emoji: true });
    for (const read of [text, JSON.stringify(blocks[1])]) assert.ok(!read.includes('<'), read);
  });

  test('keeps to the bounds of its blocks', async () => {
    const evidence = Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`fact_${at}`, 'x'.repeat(5000)]));
    await send(channel('slack', '/', {}), { ...notice, source: 's'.repeat(900), evidence });
    const [body] = receiver.bodies as [{ blocks: { text?: { text: string }; fields?: { text: string }[] }[] }];
    for (const { text, fields = [] } of body.blocks) {
      assert.ok((text?.text.length ?? 0) <= 150 && fields.length <= 10);
      for (const field of fields) assert.ok(field.text.length <= 2000);
    }
  });
});

describe('Feishu', () => {
  const refusal = json({ code: 19_021, msg: 'sign match fail or timestamp is not within one hour from current time' });

  test('gets a card, signed with the time and the secret as the key of nothing', async () => {
    receiver.answer = json({ code: 0, msg: 'success', data: {} });
    assert.deepEqual(await send(bot('s3cret')), { kind: 'sent' });
    const [body] = receiver.bodies as [{ timestamp: string; sign: string; msg_type: string; card: object }];
    assert.equal(body.timestamp, String(Math.floor(NOW / 1000)));
    assert.equal(body.sign, createHmac('sha256', `${body.timestamp}\ns3cret`).digest('base64'));
    assert.equal(body.msg_type, 'interactive');
    const card = JSON.stringify(body.card);
    assert.match(card, /"\[告警\] Causeway production：请求失败过多 \(模型 chat\)"/);
    assert.match(card, /"template":"red"/);
    assert.match(card, /"当前值：23.4 %"/);
    assert.ok(!card.includes('lark_md'), 'a name is never read as markup');
  });

  test('without a secret gets no signature', async () => {
    receiver.answer = json({ code: 0 });
    await send(bot());
    assert.ok(!receiver.received[0]?.body.includes('sign'));
  });

  test('refuses in the body of a 200', async () => {
    receiver.answer = refusal;
    assert.match(JSON.stringify(await send(bot('wrong'))), /"refused".*code 19021: sign match fail/);
    receiver.answer = json({ code: 11_232, msg: 'frequency limited' });
    assert.match(JSON.stringify(await send(bot())), /"later"/);
    receiver.answer = (response) => response.end('<html>');
    assert.match(JSON.stringify(await send(bot())), /"refused".*without a code/);
  });
});

describe('DingTalk', () => {
  test('gets Markdown at a signed address', async () => {
    receiver.answer = json({ errcode: 0, errmsg: 'ok' });
    assert.deepEqual(await send(dingTalk('SECabc')), { kind: 'sent' });
    const [{ path } = assert.fail()] = receiver.received;
    const { searchParams } = new URL(path, 'http://x');
    assert.equal(searchParams.get('access_token'), 't0ken-1234');
    assert.equal(searchParams.get('timestamp'), String(NOW));
    assert.equal(searchParams.get('sign'), createHmac('sha256', 'SECabc').update(`${NOW}\nSECabc`).digest('base64'));
    assert.ok(!path.split('sign=')[1]?.includes('+'), 'a plus sign would be read as a space');
    const [body] = receiver.bodies as [{ msgtype: string; markdown: { title: string; text: string } }];
    assert.equal(body.msgtype, 'markdown');
    assert.match(body.markdown.text, /^### 【Alert】 Causeway production.*> Now: 23.4 %/s);
  });

  test('refuses in the body of a 200', async () => {
    receiver.answer = json({ errcode: 310_000, errmsg: 'sign not match, t0ken-1234' });
    const verdict = JSON.stringify(await send(dingTalk('SECabc')));
    assert.match(verdict, /"refused".*errcode 310000: sign not match/);
    assert.ok(!verdict.includes('t0ken-1234'));
    receiver.answer = json({ errcode: 130_101, errmsg: 'send too fast, exceed 20 times per minute' });
    assert.match(JSON.stringify(await send(dingTalk())), /"later"/);
  });
});

describe('WeCom', () => {
  test('gets Markdown of at most 4096 bytes, in which no name is a mention', async () => {
    receiver.answer = json({ errcode: 0, errmsg: 'ok' });
    const evidence = Object.fromEntries(Array.from({ length: 12 }, (_, at) => [`fact_${at}`, '预'.repeat(300)]));
    assert.deepEqual(await send(wecom(), { ...notice, subject: 'user:<@all>', evidence }), { kind: 'sent' });
    const [body] = receiver.bodies as [{ msgtype: string; markdown: { content: string } }];
    assert.equal(body.msgtype, 'markdown');
    assert.ok(Buffer.byteLength(body.markdown.content) <= 4096);
    assert.ok(!body.markdown.content.includes('<@') && body.markdown.content.isWellFormed());
  });

  test('refuses in the body of a 200', async () => {
    receiver.answer = json({ errcode: 93_000, errmsg: 'invalid webhook url, key 693a91f6' });
    const verdict = JSON.stringify(await send(wecom()));
    assert.match(verdict, /"refused".*errcode 93000/);
    assert.ok(!verdict.includes('693a91f6'));
    receiver.answer = json({ errcode: 45_009, errmsg: 'api freq out of limit' });
    assert.match(JSON.stringify(await send(wecom())), /"later"/);
  });
});
