import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';

import OpenAI, { NotFoundError } from 'openai';

import { type Gateway, startGateway } from '../support/gateway.ts';
import { thrownBy } from '../support/thrown-by.ts';
import { SSE_HEADERS, type Upstream, startUpstream } from '../support/upstream.ts';
import { DONE, OPENAI_HELLO, OPENAI_STOP } from '../support/wire-texts.ts';

let gateway: Gateway;
let upstream: Upstream;
let client: OpenAI;

before(async () => {
  upstream = await startUpstream({ headers: SSE_HEADERS, chunks: [OPENAI_HELLO], ending: 'stall' });
  gateway = await startGateway({ config: configWith('') });
  client = new OpenAI({ apiKey: gateway.apiKey, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
});
after(async () => {
  await gateway.close();
  await upstream.close();
});

function configWith(models: string): string {
  return `providers: { up: { type: openai, apiKey: k, baseUrl: "${upstream.url}/v1" } }\n${models}`;
}

function chat(model: string) {
  return client.chat.completions.create({ model, messages: [{ role: 'user', content: 'Hi' }] });
}

/** The file's change is noticed by the system; this waits for the request that shows it. */
async function untilKnown(model: string): Promise<void> {
  for (;;) {
    const ids = (await client.models.list()).data.map(({ id }) => id);
    if (ids.includes(model)) return;
  }
}

it('a saved file is in force for the next request, and a stream in flight goes on', async () => {
  await thrownBy(chat('new-name'), NotFoundError);
  const stream = await client.chat.completions.create({
    model: 'up/gpt-5-mini',
    messages: [{ role: 'user', content: 'Hi' }],
    stream: true,
  });
  const chunks = stream[Symbol.asyncIterator]();
  assert.equal((await chunks.next()).value?.choices[0]?.delta.content, 'Hello');
  gateway.writeConfig(configWith('models: { new-name: { target: sim/echo } }'));
  await untilKnown('new-name');
  assert.equal((await chat('new-name')).choices[0]?.message.content, 'Hi');
  upstream.received[0]?.release([OPENAI_STOP, DONE]);
  assert.equal((await chunks.next()).value?.choices[0]?.finish_reason, 'stop');
  assert.equal((await chunks.next()).done, true);
});

it('a signal reads the file at once', async () => {
  gateway.writeConfig(configWith('models: { by-signal: { target: sim/echo } }'));
  gateway.reload();
  assert.equal((await chat('by-signal')).model, 'echo');
  await thrownBy(chat('new-name'), NotFoundError);
});

it('a bad file keeps the one before in force', async () => {
  gateway.writeConfig(configWith('models: { broken: { taget: sim/echo } }'));
  gateway.reload();
  assert.equal((await chat('by-signal')).choices[0]?.message.content, 'Hi');
  await thrownBy(chat('broken'), NotFoundError);
  gateway.writeConfig(configWith('models: { mended: { target: sim/echo } }'));
  gateway.reload();
  assert.equal((await chat('mended')).choices[0]?.message.content, 'Hi');
});
