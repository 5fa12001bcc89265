import { describe, expect, it } from 'vitest';

import { EXAMPLE_BODY, type TryDraft, isReady, questionOf, requestIn } from './question.ts';

const DRAFT: TryDraft = {
  side: 'input',
  against: 'policy',
  name: ' house ',
  form: 'text',
  text: 'Hello',
  body: EXAMPLE_BODY,
  endpoint: '/v1/messages',
  judges: false,
};

describe('a question', () => {
  it('of a text names the text and whom it is held against', () => {
    expect(questionOf(DRAFT)).toEqual({ side: 'input', policy: 'house', text: 'Hello' });
    expect(questionOf({ ...DRAFT, against: 'model', name: 'chat', judges: true })).toEqual({
      side: 'input',
      model: 'chat',
      text: 'Hello',
      judges: true,
    });
  });

  it('of a whole request has its endpoint', () => {
    const asked = questionOf({ ...DRAFT, form: 'body' });
    expect(asked).toMatchObject({
      endpoint: '/v1/messages',
      body: { messages: [{ role: 'system' }, { role: 'user' }] },
    });
    expect(asked).not.toHaveProperty('text');
  });

  it('of an answer is always of a text', () => {
    expect(questionOf({ ...DRAFT, side: 'output', form: 'body' })).toEqual({
      side: 'output',
      policy: 'house',
      text: 'Hello',
    });
  });

  it('needs something to try', () => {
    expect(isReady({ ...DRAFT, text: '  ' })).toBe(false);
    expect(isReady({ ...DRAFT, text: '', form: 'body' })).toBe(true);
    expect(isReady({ ...DRAFT, name: '' })).toBe(false);
  });

  it('is not made of what is no JSON object', () => {
    expect(() => requestIn('[1]')).toThrow(SyntaxError);
    expect(() => requestIn('{')).toThrow(SyntaxError);
  });
});
