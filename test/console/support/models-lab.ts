import assert from 'node:assert/strict';

import type { Gateway } from '../../support/gateway.ts';
import { LAB as FAST } from './console-lab.ts';

export { settled, useConsole } from './console-lab.ts';

/** Beside the simulator a provider that nobody answers for. */
export const LAB = FAST.replace(
  ' } }',
  ' }, down: { type: openai-compatible, baseUrl: "http://127.0.0.1:9/v1", apiKey: none } }',
);

/** @returns who answered */
export async function ask({ url, apiKey }: Gateway, model: string, text = 'Hello'): Promise<string> {
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: text }] }),
  });
  const answer = await response.text();
  assert.equal(response.status, 200, answer);
  return response.headers.get('x-causeway-target') ?? '';
}
