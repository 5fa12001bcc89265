import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { makeInference } from '../../../../test/support/make-inference.ts';
import type { AssistantPart, Message, UserPart } from '../../../core/inference/content.ts';
import type { InferenceRequest } from '../../../core/inference/request.ts';
import { buildBody } from './build-body.ts';
import { NO_SIGNATURE } from './thought-signatures.ts';

const FLAVOUR = { callIds: true, serviceTier: true, penaltiesBefore3: false };

function build(parts: Partial<InferenceRequest>, model = 'gemini-3-pro-preview') {
  const { body, notes, reshape } = buildBody(makeInference(parts), model, undefined, FLAVOUR);
  return { body: JSON.parse(JSON.stringify(body)) as Record<string, unknown>, notes, reshape };
}

function config(parts: Partial<InferenceRequest>, model?: string): unknown {
  return build(parts, model).body['generationConfig'];
}

const user = (...content: UserPart[]): Message => ({ role: 'user', content });
const says = (text: string): Message => user({ type: 'text', text });
const model = (...content: AssistantPart[]): Message => ({ role: 'assistant', content });
const call = (id: string, name = 'weather'): AssistantPart => ({
  type: 'tool-call',
  id,
  name,
  argumentsText: '{"id":12345678901234567890}',
});
const result = (toolCallId: string, text = 'fine'): UserPart => ({
  type: 'tool-result',
  toolCallId,
  content: [{ type: 'text', text }],
});
const proof = (signature: string): AssistantPart => ({ type: 'reasoning', text: '', signature });
const text = (said: string): AssistantPart => ({ type: 'text', text: said });
const image = (url: string): UserPart => ({ type: 'image', source: { kind: 'url', url } });

function contents(messages: readonly Message[], of?: string): unknown {
  return build({ messages }, of).body['contents'];
}

function modelParts(messages: readonly Message[], of?: string): unknown {
  return (contents(messages, of) as { role: string; parts: unknown }[]).find(({ role }) => role === 'model')?.parts;
}

describe('a conversation for Gemini', () => {
  it('has instructions apart, and turns of one side as one', () => {
    const system: Message = { role: 'system', content: [{ type: 'text', text: 'Be brief.' }] };
    const { body } = build({ messages: [system, says('a'), says('b'), model(text('c'))] });
    assert.deepEqual(body['systemInstruction'], { parts: [{ text: 'Be brief.' }] });
    assert.deepEqual(body['contents'], [
      { role: 'user', parts: [{ text: 'a' }, { text: 'b' }] },
      { role: 'model', parts: [{ text: 'c' }] },
    ]);
  });

  it('sends instructions alone as the question, and refuses nothing at all', () => {
    const system: Message = { role: 'system', content: [{ type: 'text', text: 'Say hello.' }] };
    const { body, notes } = build({ messages: [system] });
    assert.deepEqual(body['contents'], [{ role: 'user', parts: [{ text: 'Say hello.' }] }]);
    assert.deepEqual(
      notes.map(({ field }) => field),
      ['messages'],
    );
    assert.throws(() => build({ messages: [] }), { code: 'request_invalid' });
  });

  it('promise 2: has results under the names of their calls, in a content of their own, errors apart', () => {
    const failed: UserPart = { type: 'tool-result', toolCallId: 'b', content: [], isError: true };
    const turn = contents([
      says('?'),
      model(call('a'), call('b', 'my tool')),
      user(result('a'), failed, { type: 'text', text: 'go on' }),
    ]) as { parts: { functionCall: { name: string } }[] }[];
    const replaced = turn[1]?.parts[1]?.functionCall.name ?? '';
    assert.match(replaced, /^my_tool_[0-9a-f]{12}$/);
    assert.deepEqual(turn.slice(2), [
      {
        role: 'user',
        parts: [
          { functionResponse: { id: 'a', name: 'weather', response: { output: 'fine' } } },
          { functionResponse: { id: 'b', name: replaced, response: { error: '' } } },
        ],
      },
      { role: 'user', parts: [{ text: 'go on' }] },
    ]);
  });

  it('promise 2: writes long numbers of arguments as they were written', () => {
    const messages = [says('?'), model(call('a')), user(result('a'))];
    const { body } = buildBody(makeInference({ messages }), 'gemini-3-pro', undefined, FLAVOUR);
    assert.ok(JSON.stringify(body).includes('{"id":12345678901234567890}'));
  });

  it('has media of results inside them from Gemini 3 on, and behind them before', () => {
    const png = { type: 'image', source: { kind: 'data', mediaType: 'image/png', base64: 'AAAA' } } as const;
    const messages = [says('?'), model(call('a')), user({ type: 'tool-result', toolCallId: 'a', content: [png] })];
    const inlineData = { mimeType: 'image/png', data: 'AAAA' };
    const name = 'weather';
    assert.deepEqual((contents(messages) as unknown[]).slice(2), [
      {
        role: 'user',
        parts: [{ functionResponse: { id: 'a', name, response: { output: '' }, parts: [{ inlineData }] } }],
      },
    ]);
    assert.deepEqual((contents(messages, 'gemini-2.5-pro') as unknown[]).slice(2), [
      { role: 'user', parts: [{ functionResponse: { id: 'a', name, response: { output: '' } } }] },
      { role: 'user', parts: [{ text: 'From the result of weather:' }, { inlineData }] },
    ]);
  });

  it('names media by URL with a type, and refuses what Gemini cannot read', () => {
    assert.deepEqual(contents([user(image('https://a.test/b.png?c=1'), image('https://a.test/d'))]), [
      {
        role: 'user',
        parts: [
          { fileData: { mimeType: 'image/png', fileUri: 'https://a.test/b.png?c=1' } },
          { fileData: { mimeType: 'image/jpeg', fileUri: 'https://a.test/d' } },
        ],
      },
    ]);
    const gif: UserPart = { type: 'image', source: { kind: 'data', mediaType: 'image/gif', base64: 'AAAA' } };
    assert.throws(() => contents([user(gif)]), { code: 'capability_unsupported' });
  });
});

/** As it comes out of JSON. */
const ROUNDED = JSON.parse('12345678901234567890') as number;

function functionCall(id: string): object {
  return { id, name: 'weather', args: { id: ROUNDED } };
}

function answered(...said: AssistantPart[]): Message[] {
  return [says('?'), model(...said), user(result('a'), result('b'))];
}

describe('thought signatures', () => {
  it('promise 2: go back on the part that they came with', () => {
    assert.deepEqual(modelParts(answered(proof('gemini:x'), text('Hm.'), proof('gemini:y'), call('a'), call('b'))), [
      { text: 'Hm.', thoughtSignature: 'x' },
      { functionCall: functionCall('a'), thoughtSignature: 'y' },
      { functionCall: functionCall('b') },
    ]);
    assert.deepEqual(modelParts([says('?'), model(text('Hm.'), proof('gemini:z')), says('!')]), [
      { text: 'Hm.' },
      { text: '', thoughtSignature: 'z' },
    ]);
  });

  it('promise 2: reach the first call where a client has thoughts, text and calls in fields of their own', () => {
    assert.deepEqual(modelParts(answered(proof('gemini:y'), text('Hm.'), call('a'), call('b'))), [
      { text: 'Hm.' },
      { functionCall: functionCall('a'), thoughtSignature: 'y' },
      { functionCall: functionCall('b') },
    ]);
    assert.deepEqual(modelParts(answered(proof('gemini:x'), proof('gemini:y'), text('Hm.'), call('a'))), [
      { text: 'Hm.', thoughtSignature: 'x' },
      { functionCall: functionCall('a'), thoughtSignature: 'y' },
    ]);
    const shown: AssistantPart = { type: 'reasoning', text: 'So.', signature: 'gemini:y' };
    assert.deepEqual(modelParts(answered(shown, call('a'))), [
      { text: 'So.', thought: true, thoughtSignature: 'y' },
      { functionCall: functionCall('a'), thoughtSignature: 'y' },
    ]);
  });

  it("promise 2: are Google's placeholder where they are lost, in the turn that goes on and from Gemini 3 on", () => {
    const lost = answered(call('a'), call('b'));
    assert.deepEqual(modelParts(lost), [
      { functionCall: functionCall('a'), thoughtSignature: NO_SIGNATURE },
      { functionCall: functionCall('b') },
    ]);
    assert.match(
      build({ messages: lost })
        .notes.map(({ says: words }) => words)
        .join(),
      /placeholder/,
    );
    const calls = [{ functionCall: functionCall('a') }, { functionCall: functionCall('b') }];
    assert.deepEqual(modelParts(lost, 'gemini-2.5-pro'), calls);
    const past = [...lost, model(text('Done.')), says('Thanks.')];
    assert.deepEqual(modelParts(past), calls);
    assert.deepEqual(build({ messages: past }).notes, []);
  });

  it('of other providers are left out and said to be', () => {
    const messages = answered({ type: 'reasoning', text: 'Hm.', signature: 'anthropic-proof' }, call('a'));
    const { notes } = build({ messages });
    assert.deepEqual(
      notes.map(({ field }) => field),
      ['reasoning-signature', 'messages'],
    );
    assert.deepEqual(modelParts(messages), [{ functionCall: functionCall('a'), thoughtSignature: NO_SIGNATURE }]);
  });
});

function thinking(reasoning: InferenceRequest['reasoning'], of: string, more: Partial<InferenceRequest> = {}): unknown {
  const made = config({ ...(reasoning ? { reasoning } : {}), ...more }, of);
  return (made as { thinkingConfig?: unknown } | undefined)?.thinkingConfig;
}

describe('thinking', () => {
  it('is a level from Gemini 3 on, the nearest that the model has', () => {
    assert.deepEqual(thinking({ effort: 'minimal' }, 'gemini-3-flash-preview'), {
      thinkingLevel: 'MINIMAL',
      includeThoughts: true,
    });
    assert.deepEqual(thinking({ effort: 'minimal', display: 'omitted' }, 'gemini-3-pro'), { thinkingLevel: 'LOW' });
    assert.deepEqual(thinking({ effort: 'xhigh', display: 'omitted' }, 'gemini-3.8-flash'), { thinkingLevel: 'HIGH' });
    assert.deepEqual(thinking({ effort: 'minimal', display: 'omitted' }, 'gemini-3.8-flash'), { thinkingLevel: 'LOW' });
    assert.deepEqual(thinking({ enabled: 'adaptive' }, 'gemini-4-argon'), { includeThoughts: true });
    assert.deepEqual(thinking({ budgetTokens: 4000, display: 'omitted' }, 'gemini-3-pro'), { thinkingLevel: 'MEDIUM' });
    assert.deepEqual(thinking({ enabled: false }, 'gemini-3-pro'), { thinkingLevel: 'LOW' });
  });

  it('is a number of tokens at 2.5, within what the model takes and the answer has room for', () => {
    const of = 'gemini-2.5-flash';
    const omitted = { display: 'omitted' } as const;
    assert.deepEqual(thinking({ effort: 'high', ...omitted }, of), { thinkingBudget: 24_576 });
    assert.deepEqual(thinking({ effort: 'max', ...omitted }, 'gemini-2.5-pro'), { thinkingBudget: 32_768 });
    assert.deepEqual(thinking({ effort: 'high', ...omitted }, of, { maxOutputTokens: 1000 }), { thinkingBudget: 500 });
    assert.deepEqual(thinking({ budgetTokens: 5000, ...omitted }, of), { thinkingBudget: 5000 });
    assert.deepEqual(thinking({ enabled: 'adaptive', ...omitted }, of), { thinkingBudget: -1 });
    assert.deepEqual(thinking({ enabled: false }, of), { thinkingBudget: 0 });
    assert.deepEqual(thinking({ effort: 'none' }, 'gemini-2.5-pro'), { thinkingBudget: 128 });
  });

  it('is not asked of models that do not think', () => {
    assert.equal(thinking({ effort: 'high' }, 'gemini-2.0-flash'), undefined);
    assert.equal(thinking({ enabled: false }, 'gemma-3-27b-it'), undefined);
    assert.equal(thinking(undefined, 'gemini-3-pro', { temperature: 1 }), undefined);
  });
});

describe('tools and formats', () => {
  const tool = { name: 'f', parameters: { type: 'object', properties: { a: { const: 1 } }, $schema: 'x' } };
  const responseFormat = { type: 'json-schema', schema: { type: 'object', properties: {} } } as const;

  it('have a JSON Schema, with a constant as a list of one', () => {
    const { body } = build({ tools: [tool, { name: 'g', parameters: {} }, { name: 'h' }] });
    assert.deepEqual(body['tools'], [
      {
        functionDeclarations: [
          {
            name: 'f',
            parametersJsonSchema: { type: 'object', properties: { a: { enum: [1] } }, $schema: 'x' },
          },
          { name: 'g' },
          { name: 'h' },
        ],
      },
    ]);
    assert.equal(body['toolConfig'], undefined);
  });

  it('are demanded by a mode', () => {
    const mode = (parts: Partial<InferenceRequest>) =>
      (build({ tools: [tool], ...parts }).body['toolConfig'] as { functionCallingConfig: unknown } | undefined)
        ?.functionCallingConfig;
    assert.deepEqual(mode({ toolChoice: { type: 'auto' } }), { mode: 'AUTO' });
    assert.deepEqual(mode({ toolChoice: { type: 'none' } }), { mode: 'NONE' });
    assert.deepEqual(mode({ toolChoice: { type: 'required' } }), { mode: 'ANY' });
    assert.deepEqual(mode({ toolChoice: { type: 'tool', name: 'f' } }), { mode: 'ANY', allowedFunctionNames: ['f'] });
    assert.deepEqual(mode({ tools: [{ ...tool, strict: true }] }), { mode: 'VALIDATED' });
    assert.throws(() => build({ toolChoice: { type: 'required' } }), { code: 'request_invalid' });
  });

  it('put names back that had to be replaced', () => {
    const { body, reshape } = build({ tools: [{ name: '1 tool' }] });
    const [
      {
        functionDeclarations: [declared],
      },
    ] = body['tools'] as [{ functionDeclarations: [{ name: string }] }];
    assert.match(declared.name, /^_1_tool_[0-9a-f]{12}$/);
    const start = { type: 'tool-call-start', choice: 0, index: 0, id: 'a' } as const;
    assert.deepEqual(reshape?.()({ ...start, name: declared.name }), [{ ...start, name: '1 tool' }]);
  });

  it('go together from Gemini 3 on, unless a call is demanded', () => {
    const json = { responseMimeType: 'application/json', responseJsonSchema: responseFormat.schema };
    assert.deepEqual(config({ responseFormat }, 'gemini-2.5-pro'), json);
    assert.deepEqual(config({ responseFormat, tools: [tool] }), json);
    for (const [parts, of] of [
      [{ tools: [tool] }, 'gemini-2.5-pro'],
      [{ tools: [tool], toolChoice: { type: 'required' } }, 'gemini-3-pro'],
    ] as const) {
      const { body } = build({ responseFormat, ...parts }, of);
      assert.equal(body['generationConfig'], undefined);
      assert.match(JSON.stringify(body['systemInstruction']), /JSON Schema/);
    }
  });
});

describe('options', () => {
  it('have their names in generationConfig, and the tier beside it', () => {
    const { body } = build({
      maxOutputTokens: 100,
      temperature: 1.5,
      topP: 0.5,
      topK: 3,
      stop: ['x'],
      seed: 7,
      frequencyPenalty: 0.5,
      presencePenalty: -0.5,
      serviceTier: 'flex',
    });
    assert.deepEqual(body['generationConfig'], {
      maxOutputTokens: 100,
      temperature: 1.5,
      topP: 0.5,
      topK: 3,
      stopSequences: ['x'],
      seed: 7,
      frequencyPenalty: 0.5,
      presencePenalty: -0.5,
    });
    assert.equal(body['serviceTier'], 'flex');
  });

  it('do not make several answers the same', () => {
    assert.equal(config({ seed: 7, choices: 2 }), undefined);
  });
});
