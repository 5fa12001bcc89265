import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { makeAttemptRecord, makeRecord } from '../../../test/support/make-record.ts';
import { OtelDesk } from '../../../test/support/otel-desk.ts';
import { OtlpReceiver } from '../../../test/support/otlp-receiver.ts';

const KEY = 'sk-proj-plantedA1b2C3d4E5f6G7h8';
const PASSWORD = 'hunter2-planted';
const MAIL = 'grace.planted@example.org';
const CARD = '4111 1111 1111 1111';
const PLANTED = [KEY, PASSWORD, MAIL, CARD, CARD.replaceAll(' ', '')];

const ALL = `key ${KEY}, password: ${PASSWORD}, mail ${MAIL}, card ${CARD}`;
const ARGUMENTS = { password: PASSWORD, apiKey: KEY, to: MAIL, card: 4111111111111111 };

/** A secret wherever clients and providers can write one. */
const RECORD = makeRecord({
  status: 'failed',
  requestModel: `gpt ${KEY}`,
  error: { code: 'provider_error', message: `The provider said: ${ALL}`, origin: 'provider' },
  attempts: [makeAttemptRecord({ outcome: 'failed', errorCode: 'provider_error' })],
  metadata: { note: ALL, password: PASSWORD },
  patches: [{ op: 'set', path: '/user', value: ALL }],
  warnings: [ALL],
});
const INPUT = {
  messages: [
    { role: 'system', content: ALL },
    { role: 'user', content: [{ type: 'text', text: `Marker of the prompt. ${ALL}` }] },
    { role: 'assistant', tool_calls: [{ id: 'c', function: { name: 'send', arguments: JSON.stringify(ARGUMENTS) } }] },
    { role: 'tool', tool_call_id: 'c', content: JSON.stringify(ARGUMENTS) },
  ],
};
const OUTPUT = [
  {
    content: `Marker of the answer. ${ALL}`,
    tool_calls: [{ id: 'd', name: 'send', arguments: JSON.stringify(ARGUMENTS) }],
  },
];

describe('promise 12: what is planted in texts', () => {
  const seen = new Map<string, string>();

  before(async () => {
    for (const content of ['none', 'redacted', 'full']) {
      const receiver = await OtlpReceiver.start();
      const desk = new OtelDesk(receiver, `content: ${content}`);
      desk.offer({ record: RECORD, input: INPUT, output: OUTPUT });
      await desk.close();
      assert.equal(receiver.spans.length, 2);
      seen.set(content, receiver.everything + desk.log.join('\n'));
      await receiver.close();
    }
  });
  after(() => seen.clear());

  it('does not leave where no content is exported, nor does any text', () => {
    const text = seen.get('none') ?? '';
    for (const planted of PLANTED) assert.equal(text.includes(planted), false, planted);
    assert.equal(text.includes('Marker'), false);
    assert.equal(text.includes('causeway.metadata'), false);
  });

  it('does not leave where content is redacted, while the texts around it do', () => {
    const text = seen.get('redacted') ?? '';
    for (const planted of PLANTED) assert.equal(text.includes(planted), false, planted);
    assert.ok(text.includes('Marker of the prompt.'));
    assert.ok(text.includes('Marker of the answer.'));
    assert.ok(text.includes('causeway.metadata'));
  });

  it('leaves where somebody asked for all of it, so the test above looks in the right place', () => {
    const text = seen.get('full') ?? '';
    for (const planted of [KEY, PASSWORD, MAIL, CARD]) assert.ok(text.includes(planted), planted);
  });

  it('does not leave in the message of an error under any setting', () => {
    for (const text of seen.values()) assert.equal(text.includes(`The provider said: key ${KEY}`), false);
  });
});
