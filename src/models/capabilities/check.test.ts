import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from '../../../test/support/fast-check.ts';

import { GatewayError } from '../../core/errors.ts';
import { NO_NEEDS, type Needs } from '../../core/inference/needs.ts';
import type { Capabilities } from './capabilities.ts';
import { type CheckContext, checkNeeds } from './check.ts';

const RELAYED: CheckContext = { dialect: 'openai', translated: false };

function refusal(
  needs: Partial<Needs>,
  capabilities: Capabilities | undefined,
  context?: CheckContext,
): GatewayError | undefined {
  try {
    checkNeeds({ ...NO_NEEDS, ...needs }, capabilities, 'p/m', context);
    return undefined;
  } catch (thrown) {
    assert.ok(thrown instanceof GatewayError);
    return thrown;
  }
}

function others(): [string, Capabilities][] {
  return [
    ['a/blind', { vision: false }],
    ['a/unknown', {}],
    ['a/short', { vision: true, outputTokens: 10 }],
    ...[1, 2, 3, 4].map((at): [string, Capabilities] => [`b/${at}`, { vision: true, outputTokens: 100 }]),
  ];
}

describe('checkNeeds', () => {
  it('says what the target cannot do, and in which field it was asked for', () => {
    const cases: [Partial<Needs>, Capabilities, says: RegExp, param: string][] = [
      [{ vision: true }, { vision: false }, /^The model p\/m cannot read images\. GET \/v1\/models/, 'messages'],
      [{ documents: true }, { documents: false }, /PDF/, 'messages'],
      [{ tools: true }, { tools: false }, /cannot call tools/, 'tools'],
      [{ parallelTools: true }, { parallelTools: false }, /several tools/, 'parallel_tool_calls'],
      [{ streaming: true }, { streaming: false }, /stream/, 'stream'],
      [{ audioInput: true }, { audioInput: false }, /hear/, 'messages'],
      [{ audioOutput: true }, { audioOutput: false }, /audio/, 'modalities'],
      [{ jsonSchema: true }, { jsonSchema: false }, /JSON Schema/, 'response_format'],
      [{ reasoning: true }, { reasoning: false }, /think/, 'reasoning_effort'],
      [{ outputTokens: 4097 }, { outputTokens: 4096 }, /at most 4096 tokens .* 4097 were asked for/, 'max_tokens'],
    ];
    for (const [needs, capabilities, says, param] of cases) {
      const error = refusal(needs, capabilities);
      assert.equal(error?.code, 'capability_unsupported');
      assert.match(error.message, says);
      assert.equal(error.param, param);
    }
  });

  it("names the field as the client's dialect does", () => {
    const anthropic: CheckContext = { ...RELAYED, dialect: 'anthropic' };
    assert.equal(refusal({ jsonSchema: true }, { jsonSchema: false }, anthropic)?.param, 'output_config.format');
    assert.equal(refusal({ reasoning: true }, { reasoning: false }, anthropic)?.param, 'thinking');
    assert.match(refusal({ prefill: true }, { prefill: false }, anthropic)?.message ?? '', /continue a message/);
  });

  it('names targets that are known to be able, three at most', () => {
    const error = refusal(
      { vision: true, streaming: true, outputTokens: 50 },
      { vision: false },
      { ...RELAYED, others },
    );
    assert.equal(error?.message, 'The model p/m cannot read images. Known to be able to: b/1, b/2, b/3.');
    const nobody = refusal({ audioOutput: true }, { audioOutput: false }, { ...RELAYED, others });
    assert.match(nobody?.message ?? '', /GET \/v1\/models/);
  });

  it('leaves to translation what has a stand-in there', () => {
    const translated: CheckContext = { ...RELAYED, translated: true };
    assert.equal(refusal({ jsonSchema: true }, { jsonSchema: false }, translated), undefined);
    assert.notEqual(refusal({ vision: true }, { vision: false }, translated), undefined);
  });

  it('does not take for a wish what is none: history that ends with the assistant, a limit that has to be named', () => {
    assert.equal(refusal({ prefill: true }, { prefill: false }), undefined);
    const fromAnthropic: CheckContext = { dialect: 'anthropic', translated: true };
    assert.equal(refusal({ outputTokens: 64_000 }, { outputTokens: 4096 }, fromAnthropic), undefined);
    assert.notEqual(refusal({ outputTokens: 64_000 }, { outputTokens: 4096 }, RELAYED), undefined);
  });

  it('law: refuses nothing that is not known to be impossible', () => {
    const flags = Object.keys(NO_NEEDS).filter((name) => name !== 'outputTokens');
    const needs = fc.record(Object.fromEntries(flags.map((name) => [name, fc.boolean()])));
    const known = fc.record(Object.fromEntries(flags.map((name) => [name, fc.constantFrom(true, undefined)])), {
      requiredKeys: [],
    });
    fc.assert(
      fc.property(needs, known, fc.option(fc.nat(), { nil: undefined }), (asked, capabilities, outputTokens) => {
        const all = { ...asked, outputTokens } as Partial<Needs>;
        assert.equal(refusal(all, capabilities as Capabilities), undefined);
        assert.equal(refusal(all, undefined), undefined);
      }),
    );
  });
});
