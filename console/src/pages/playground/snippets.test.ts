import { expect, test } from 'vitest';

import { NO_HEADERS, newColumn, newPrompt, newTurn } from './draft.ts';
import { askedOf } from './request-body.ts';
import { snippet } from './snippets.ts';

const prompt = { ...newPrompt(), turns: [newTurn('user', `It's "true"\n`)] };
const asked = (dialect: 'chat' | 'messages') =>
  askedOf(prompt, { ...newColumn('chat'), dialect }, { ...NO_HEADERS, user: 'ada' });

test('curl: whatever is in the text stays one word', () => {
  const text = snippet('curl', 'messages', asked('messages'), 'http://gw');
  expect(text).toContain(`curl -N 'http://gw/v1/messages'`);
  expect(text).toContain(String.raw`It'\''s \"true\"\n`);
  expect(text).toContain('-H "authorization: Bearer $CAUSEWAY_KEY"');
  expect(text).toContain(`-H 'x-causeway-user: ada'`);
});

test('Python and TypeScript have no stream in them, and the words of their language', () => {
  const python = snippet('python', 'chat', asked('chat'), 'http://gw');
  expect(python).toContain('base_url="http://gw/v1"');
  expect(python).toContain('extra_headers={');
  expect(python).not.toContain('stream');
  const typescript = snippet('typescript', 'messages', asked('messages'), 'http://gw');
  expect(typescript).toContain(`import Anthropic from '@anthropic-ai/sdk'`);
  expect(typescript).toContain('baseURL: "http://gw"');
  expect(typescript).toContain('"max_tokens": 1024');
});
