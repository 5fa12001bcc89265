import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { makeInference } from '../../../../test/support/make-inference.ts';
import { continuationRequest } from './continuation-request.ts';

const HELLO = { role: 'user', content: [{ type: 'text', text: 'Hello' }] } as const;

describe('a request to go on', () => {
  it('ends with what was said, without the white space at its end, where the model takes a prefill', () => {
    const { messages, fields } = continuationRequest(makeInference(), 'It is \n', 'prefill', 'm');
    assert.deepEqual(messages, [HELLO, { role: 'assistant', content: [{ type: 'text', text: 'It is' }] }]);
    assert.equal(fields.prefill, 'answer: what was said so far');
  });

  it('ends with the wish to go on elsewhere, which quotes the end', () => {
    const said = `${'word '.repeat(100)}and the la`;
    const { messages } = continuationRequest(makeInference(), said, 'instruction', 'm');
    assert.deepEqual(messages.slice(0, 2), [HELLO, { role: 'assistant', content: [{ type: 'text', text: said }] }]);
    assert.equal(messages.length, 3);
    const [, , last] = messages;
    assert.equal(last?.role, 'user');
    const text = JSON.stringify(last?.content);
    assert.ok(text.includes(`<end_of_message>${said.slice(-200)}</end_of_message>`), text);
    assert.match(text, /Go on exactly where it ends/);
  });

  it('follows a prefill of the client in the same turn', () => {
    const prefill = { role: 'assistant', content: [{ type: 'text', text: 'Well, ' }] } as const;
    const request = makeInference({ messages: [HELLO, prefill] });
    const { messages } = continuationRequest(request, 'it is', 'prefill', 'm');
    assert.deepEqual(messages, [
      HELLO,
      { role: 'assistant', content: [...prefill.content, { type: 'text', text: 'it is' }] },
    ]);
  });

  it('leaves as many tokens as are left, and at least one', () => {
    const said = 'word '.repeat(50);
    const asked = (maxOutputTokens?: number) =>
      continuationRequest(
        makeInference(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
        said,
        'instruction',
        'gpt-5-mini',
      ).maxOutputTokens;
    assert.equal(asked(), undefined);
    assert.equal(asked(10), 1);
    const left = asked(1000) ?? 0;
    assert.ok(left > 900 && left < 970, `${left}`);
  });

  it('asks for a form in words after a prefill, since what follows is only the rest of one', () => {
    const schema = { type: 'object', properties: { city: { type: 'string' } } };
    const request = makeInference({ responseFormat: { type: 'json-schema', schema }, choices: 1 });
    const built = continuationRequest(request, '{"ci', 'prefill', 'm');
    assert.equal(built.responseFormat, undefined);
    assert.equal('choices' in built, false);
    const [system] = built.messages;
    assert.equal(system?.role, 'system');
    assert.ok(JSON.stringify(system?.content).includes('\\"city\\"'));
  });
});
