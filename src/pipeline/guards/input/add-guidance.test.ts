import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { FakeClock } from '../../../../test/support/fake-clock.ts';
import { makePolicy, patternScanner, scanningGuard } from '../../../../test/support/guard-policy.ts';
import { makeCall } from '../../../../test/support/make-call.ts';
import type { Call, Dialect } from '../../../core/call.ts';
import type { JsonObject } from '../../../core/json.ts';
import { canaryScanner } from '../injection/canary.ts';
import { markingNotice } from '../injection/mark.ts';
import type { InjectionSettings } from '../injection/settings.ts';
import type { GoesOn } from './outcome.ts';
import { screenRequest } from './screen-request.ts';

const clock = new FakeClock();
const deps = { desk: { scan: () => [] }, clock, scheduler: clock, secret: 'a secret of the gateway' };
const guarding = (settings: Partial<InjectionSettings>) =>
  makePolicy({ settings: { injection: settings as InjectionSettings } });

async function guided(call: Call, settings: Partial<InjectionSettings>): Promise<GoesOn> {
  const outcome = await screenRequest(deps, call, [guarding(settings)]);
  assert.equal(outcome.kind, 'go-on');
  return outcome;
}

const MARKED = /^<<data ([\da-f]{24})>>\nthe weather is fine\n<<end \1>>$/;
const SAID = 'the weather is fine';

/** What a tool brought, in each dialect; none has a system prompt. */
const TOOL_LOOPS: Readonly<Record<Dialect, JsonObject>> = {
  openai: {
    messages: [
      { role: 'user', content: 'hi' },
      { role: 'assistant', tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } }] },
      { role: 'tool', tool_call_id: 'c', content: SAID },
    ],
  },
  responses: {
    input: [
      { role: 'user', content: 'hi' },
      { type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' },
      { type: 'function_call_output', call_id: 'c', output: SAID },
    ],
  },
  anthropic: {
    max_tokens: 5,
    messages: [
      { role: 'user', content: 'hi' },
      { role: 'assistant', content: [{ type: 'tool_use', id: 'c', name: 'f', input: {} }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'c', content: SAID }] },
    ],
  },
  gemini: {
    contents: [
      { role: 'user', parts: [{ text: 'hi' }] },
      { role: 'model', parts: [{ functionCall: { name: 'f', args: {} } }] },
      { role: 'user', parts: [{ functionResponse: { name: 'f', response: { output: SAID } } }] },
    ],
  },
};

describe('what guards say to a model', () => {
  for (const dialect of ['openai', 'responses', 'anthropic', 'gemini'] as const) {
    it(`is which texts are data, and in the system prompt what that means: ${dialect}`, async () => {
      const call = makeCall({ dialect, json: { model: 'm', ...TOOL_LOOPS[dialect] } });
      const { isChanged, grownBytes } = await guided(call, { mark: true });
      assert.ok(isChanged);
      const { messages } = call.inference;
      assert.deepEqual(messages[0], {
        role: 'system',
        content: [{ type: 'text', text: markingNotice(undefined, 'en') }],
      });
      const result = messages.flatMap(({ content }) => content.filter(({ type }) => type === 'tool-result'))[0];
      const [part] = result?.type === 'tool-result' ? result.content : [];
      const text = part?.type === 'text' ? part.text : '';
      assert.match(text.replace(`output: ${SAID}`, SAID).replace(`{"output":"${SAID}"}`, SAID), MARKED);
      const grown = call.body.bytesWith([]).length - call.body.raw.length;
      assert.ok(grownBytes > grown - 100 && grownBytes < grown + 100, `${grownBytes} of ${grown}`);
      const again = makeCall({ dialect, json: { model: 'm', ...TOOL_LOOPS[dialect] } });
      await guided(again, { mark: true });
      assert.equal(again.body.bytesWith([]).toString(), call.body.bytesWith([]).toString());
    });
  }

  it('stands behind the client’s own system prompt, also where something is taken out of that', async () => {
    const pii = scanningGuard('pii', 'redact', patternScanner(/1[3-9]\d{9}/, 'PHONE'));
    const policy = { ...guarding({ canary: true }), scanning: [pii] };
    const call = makeCall({
      dialect: 'anthropic',
      json: { system: 'call 13800138000', messages: [{ role: 'user', content: 'hi' }] },
    });
    const desk = {
      scan: (_: unknown, asked: readonly { text: string }[]) => asked.map(({ text }) => pii.scanner.scan(text)),
    };
    const outcome = await screenRequest({ ...deps, desk }, call, [policy]);
    const canary = outcome.kind === 'go-on' ? outcome.canary : undefined;
    const { system } = JSON.parse(call.body.bytesWith([]).toString()) as { system: string };
    assert.ok(canary !== undefined && system.startsWith('call [PHONE_1]\n\n'));
    assert.equal(canaryScanner(canary).scan(system).score, 1);
  });

  it('has no secret word where there is no system prompt that could leak', async () => {
    const call = makeCall();
    const { canary, isChanged } = await guided(call, { canary: true });
    assert.deepEqual([canary, isChanged], [undefined, false]);
  });

  it('is left out where the system prompt is cached at the provider, with a warning', async () => {
    const call = makeCall({ dialect: 'gemini', json: { ...TOOL_LOOPS.gemini, cachedContent: 'cachedContents/1' } });
    await guided(call, { mark: true });
    assert.equal(call.warnings.length, 1);
    assert.doesNotMatch(call.body.bytesWith([]).toString(), /systemInstruction/);
  });
});
