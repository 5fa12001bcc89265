import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { ConverseCommand, type Message } from '@aws-sdk/client-bedrock-runtime';
import { CohereClientV2 } from 'cohere-ai';

import { bedrockClient } from '../bedrock-client.ts';
import type { Upstream } from '../upstream.ts';
import { CLIENTS } from './clients.ts';
import { FINAL_TEXT, LOOP, weatherIn } from './script.ts';
import { startLoopUpstream } from './server.ts';

/** The stand-ins are held to what the providers' own clients make of them, before a gateway stands between. */
describe('the stand-ins of a tool loop, asked without a gateway', () => {
  let upstream: Upstream;
  before(async () => {
    upstream = await startLoopUpstream();
  });
  after(() => upstream.close());

  for (const [name, loop] of Object.entries(CLIENTS)) {
    it(`say to ${name} what they are to say`, async () => {
      assert.equal(await loop({ url: upstream.url, apiKey: 'k', model: 'm' }), FINAL_TEXT);
    });
  }

  it('say it to the client of Bedrock', async () => {
    const client = bedrockClient(upstream.url);
    const messages: Message[] = [{ role: 'user', content: [{ text: 'Weather?' }] }];
    const toolConfig = { tools: [{ toolSpec: { name: LOOP.tool, inputSchema: { json: { type: 'object' } } } }] };
    const first = await client.send(new ConverseCommand({ modelId: 'm', messages, toolConfig }));
    const said = first.output?.message;
    assert.ok(said);
    const content = (said.content ?? []).flatMap(({ toolUse }) => {
      if (!toolUse) return [];
      const { city } = toolUse.input as { city: string };
      return [{ toolResult: { toolUseId: toolUse.toolUseId, content: [{ text: weatherIn(city) }] } }];
    });
    messages.push(said, { role: 'user', content });
    const second = await client.send(new ConverseCommand({ modelId: 'm', messages, toolConfig }));
    assert.equal(second.output?.message?.content?.[0]?.text, FINAL_TEXT);
    client.destroy();
  });

  it('say it to the client of Cohere', async () => {
    const client = new CohereClientV2({ token: 'k', environment: upstream.url });
    const parameters = { type: 'object', properties: { city: { type: 'string' } } };
    const tools = [{ type: 'function' as const, function: { name: LOOP.tool, parameters } }];
    const user = { role: 'user' as const, content: 'Weather?' };
    const first = await client.chat({ model: 'm', messages: [user], tools });
    const { toolCalls = [] } = first.message;
    const results = toolCalls.map(({ id, function: called }) => {
      const { city } = JSON.parse(called?.arguments ?? '') as { city: string };
      return { role: 'tool' as const, toolCallId: id, content: weatherIn(city) };
    });
    const said = { role: 'assistant' as const, toolCalls };
    const second = await client.chat({ model: 'm', messages: [user, said, ...results], tools });
    const [content] = second.message.content ?? [];
    assert.equal(content?.type === 'text' && content.text, FINAL_TEXT);
  });
});
