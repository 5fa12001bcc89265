import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import OpenAI from 'openai';

import { type Gateway, startGateway } from '../support/gateway.ts';
import { type Said, claudeSays } from '../support/provider-answers.ts';
import { thrownBy } from '../support/thrown-by.ts';
import { type Upstream, startUpstream } from '../support/upstream.ts';

const USAGE = { input_tokens: 9, output_tokens: 4 };
const text = (words: string): Said => ({ parts: [{ text: words }], stop: 'end_turn', usage: USAGE });
const CALL: Said = {
  parts: [
    { thinking: 'I have to look.', signature: 'proof' },
    { call: 'toolu_1', name: 'weather', args: '{"at":"Bonn"}' },
  ],
  stop: 'tool_use',
  usage: USAGE,
};
const TOOL = {
  type: 'function' as const,
  name: 'weather',
  strict: false,
  parameters: { type: 'object', properties: { at: { type: 'string' } } },
};
const MODEL = 'claude/claude-sonnet-4-6';

let claude: Upstream;
let gateway: Gateway;
let ada: OpenAI;
let bob: OpenAI;

const clientOf = (apiKey: string): OpenAI => new OpenAI({ apiKey, baseURL: `${gateway.url}/v1`, maxRetries: 0 });

before(async () => {
  claude = await startUpstream();
  gateway = await startGateway({
    config: `providers: { claude: { type: anthropic, apiKey: upstream-key, baseUrl: "${claude.url}" } }\n`,
  });
  ada = clientOf(gateway.apiKey);
  bob = clientOf(await gateway.makeKey({ project: 'bob' }));
});
after(async () => {
  await gateway.close();
  await claude.close();
});

/** The messages that the provider was sent last. */
function sent(): unknown {
  return (JSON.parse(claude.received.at(-1)?.body ?? '{}') as { messages?: unknown }).messages;
}

describe('a conversation that goes on by its id, with a model of another API', () => {
  for (const streamed of [false, true]) {
    it(`loops over a tool, ${streamed ? 'streamed' : 'whole'}`, async () => {
      claude.answer(claudeSays(CALL, text('Rain.'), text('Yes.')));
      const ask = (body: OpenAI.Responses.ResponseCreateParamsNonStreaming): Promise<OpenAI.Responses.Response> =>
        streamed ? ada.responses.stream({ ...body, stream: true }).finalResponse() : ada.responses.create(body);
      const first = await ask({ model: MODEL, instructions: 'Be brief.', input: 'Weather in Bonn?', tools: [TOOL] });
      const call = first.output.find((item) => item.type === 'function_call');
      assert.equal(call?.call_id, 'toolu_1');
      const output = { type: 'function_call_output' as const, call_id: call.call_id, output: 'rain' };
      const second = await ask({ model: MODEL, input: [output], tools: [TOOL], previous_response_id: first.id });
      assert.equal(second.output_text, 'Rain.');
      assert.equal(second.previous_response_id, first.id);
      const history = [
        { role: 'user', content: 'Weather in Bonn?' },
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 'I have to look.', signature: 'proof' },
            { type: 'tool_use', id: 'toolu_1', name: 'weather', input: { at: 'Bonn' } },
          ],
        },
      ];
      const [question, answer] = sent() as { role: string; content: unknown }[];
      assert.deepEqual([textIn(question?.content), answer], [history[0]?.content, history[1]]);
      const third = await ask({ model: MODEL, input: 'Sure?', tools: [TOOL], previous_response_id: second.id });
      assert.equal((sent() as unknown[]).length, 5);

      const kept = await ada.responses.retrieve(third.id);
      assert.deepEqual(withoutHelpers(kept), withoutHelpers(third));
      const items = [];
      for await (const item of ada.responses.inputItems.list(third.id, { order: 'asc', limit: 2 })) items.push(item);
      assert.deepEqual(
        items.map(({ type }) => type),
        ['message', 'reasoning', 'function_call', 'function_call_output', 'message', 'message'],
      );
      await ada.responses.delete(third.id);
      await thrownBy(ada.responses.retrieve(third.id), OpenAI.NotFoundError);
    });
  }

  it("promise 8: is its project's alone", async () => {
    claude.answer(claudeSays(text('Hello.')));
    const { id, output } = await ada.responses.create({ model: MODEL, input: 'secret' });
    const earlier = claude.received.length;
    const input = 'And?';
    await thrownBy(bob.responses.create({ model: MODEL, input, previous_response_id: id }), OpenAI.NotFoundError);
    const reference = [{ type: 'item_reference' as const, id: output[0]?.id ?? '' }];
    await thrownBy(bob.responses.create({ model: MODEL, input: reference }), OpenAI.NotFoundError);
    await thrownBy(bob.responses.retrieve(id), OpenAI.NotFoundError);
    await thrownBy(bob.responses.delete(id), OpenAI.NotFoundError);
    await thrownBy(bob.responses.cancel(id), OpenAI.NotFoundError);
    await thrownBy(Promise.resolve(bob.responses.inputItems.list(id)), OpenAI.NotFoundError);
    assert.equal(claude.received.length, earlier);
    assert.equal((await ada.responses.retrieve(id)).output_text, 'Hello.');
    const said = [{ role: 'user' as const, content: 'Hi' }, ...reference, { role: 'user' as const, content: input }];
    await ada.responses.create({ model: MODEL, input: said });
    assert.equal((sent() as unknown[]).length, 3);
    assert.match(JSON.stringify(sent()), /Hello\./);
  });
});

function textIn(content: unknown): unknown {
  return Array.isArray(content) ? (content as { text?: string }[]).map((part) => part.text).join('') : content;
}

/** What the client itself adds. */
function withoutHelpers(response: OpenAI.Responses.Response): unknown {
  const { output_text: _text, ...rest } = response;
  return JSON.parse(
    JSON.stringify(rest, (key, value: unknown) =>
      key === 'parsed' || key === 'parsed_arguments' || key === 'output_parsed' ? undefined : value,
    ),
  );
}
