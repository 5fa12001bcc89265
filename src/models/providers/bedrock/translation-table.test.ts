import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { makeInference } from '../../../../test/support/make-inference.ts';
import type { AssistantPart, UserPart } from '../../../core/inference/content.ts';
import { FEATURES, type Feature } from '../../../core/inference/features.ts';
import type { FunctionTool, InferenceRequest } from '../../../core/inference/request.ts';
import type { Capabilities } from '../../capabilities/capabilities.ts';
import { buildBody } from './build-body.ts';
import { CONVERSE_TRANSLATION } from './translation-table.ts';

interface Example {
  readonly request: Partial<InferenceRequest>;
  readonly model?: string;
  readonly capabilities?: Capabilities;
}

const CLAUDE = 'anthropic.claude-x-v1:0';
const QWEN = 'qwen.qwen3-32b-v1:0';

const HELLO = { role: 'user', content: [{ type: 'text', text: 'Hello' }] } as const;
const TOOL: FunctionTool = { name: 'f', parameters: { type: 'object', properties: {} } };
const DATA = { kind: 'data', mediaType: 'image/png', base64: 'AAAA' } as const;
const PDF = { kind: 'data', mediaType: 'application/pdf', base64: 'AAAA' } as const;
const FILE = { kind: 'file', fileId: 'file-1' } as const;
const CALL: AssistantPart = { type: 'tool-call', id: 'call_1', name: 'f', argumentsText: '{}' };

function says(...content: UserPart[]): Example {
  return { request: { messages: [{ role: 'user', content }] } };
}

function answered(part: AssistantPart): Example {
  return { request: { messages: [HELLO, { role: 'assistant', content: [part, { type: 'text', text: 'a' }] }, HELLO] } };
}

function called(call: AssistantPart, result: UserPart): Example {
  const turns = [HELLO, { role: 'assistant', content: [call] }, { role: 'user', content: [result] }] as const;
  return { request: { messages: turns, tools: [TOOL] } };
}

function resultOf(...content: Extract<UserPart, { type: 'tool-result' }>['content']): UserPart {
  return { type: 'tool-result', toolCallId: 'call_1', content };
}

function tools(parts: Partial<InferenceRequest> = {}): Example {
  return { request: { tools: [TOOL], ...parts } };
}

const marked = { type: 'text', text: 'a', cache: { ttl: undefined } } as const;

/** One request for each feature; of an approximation one in which something is lost. */
const EXAMPLES: Readonly<Record<Feature, Example>> = {
  'system-prompt': { request: { messages: [{ role: 'system', content: [{ type: 'text', text: 's' }] }, HELLO] } },
  'system-mid-conversation': {
    request: { messages: [HELLO, { role: 'system', content: [{ type: 'text', text: 's' }] }, HELLO] },
  },
  'participant-name': { request: { messages: [{ ...HELLO, name: 'ann' }] } },
  prefill: { request: { messages: [HELLO, { role: 'assistant', content: [{ type: 'text', text: 'I say: ' }] }] } },
  'cache-breakpoint': says(marked, marked, marked, marked, marked),
  'auto-cache': { request: { autoCache: { ttl: '1h' } } },
  'prompt-cache-key': { request: { promptCacheKey: 'k' } },
  'image-data': says({ type: 'image', source: DATA }),
  'image-url': says({ type: 'image', source: { kind: 'url', url: 'https://example.com/a.png' } }),
  'image-file': says({ type: 'image', source: FILE }),
  'image-detail': says({ type: 'image', source: DATA, detail: 'high' }),
  'document-data': says({ type: 'document', source: PDF }),
  'document-url': says({ type: 'document', source: { kind: 'url', url: 'https://example.com/a.pdf' } }),
  'document-text': says({ type: 'document', source: { kind: 'text', text: 'a' } }),
  'document-file': says({ type: 'document', source: FILE }),
  'document-title': says({ type: 'document', source: PDF, title: 't'.repeat(501) }),
  'document-context': says({ type: 'document', source: PDF, context: 'c' }),
  'document-citations': says({ type: 'document', source: PDF, citations: true }),
  'audio-input': says({ type: 'audio', format: 'wav', base64: 'AAAA' }),
  'refusal-history': answered({ type: 'refusal', text: 'No.' }),
  'reasoning-history': answered({ type: 'reasoning', text: 'hm' }),
  'reasoning-signature': answered({ type: 'reasoning', text: 'hm', signature: 'converse:s' }),
  'redacted-reasoning': answered({ type: 'reasoning', text: '', redacted: 'converse:x' }),
  tools: tools(),
  'strict-tools': tools({
    tools: [{ ...TOOL, strict: true, parameters: { type: 'object', additionalProperties: true } }],
  }),
  'tool-without-parameters': tools({ tools: [{ name: 'f' }] }),
  'tool-choice-auto': tools({ toolChoice: { type: 'auto' } }),
  'tool-choice-none': { request: { ...called(CALL, resultOf()).request, toolChoice: { type: 'none' } } },
  'tool-choice-required': tools({ toolChoice: { type: 'required' } }),
  'tool-choice-named': tools({ toolChoice: { type: 'tool', name: 'f' } }),
  'tool-choice-allowed': tools({ toolChoice: { type: 'allowed', names: ['f'], required: false } }),
  'parallel-tool-calls': { ...tools({ parallelToolCalls: false }), model: QWEN },
  'tool-arguments-not-json': called({ ...CALL, argumentsText: '{"cut' }, resultOf()),
  'tool-call-id': called({ ...CALL, id: 'a b' }, resultOf()),
  'tool-result-image': called(CALL, resultOf({ type: 'image', source: DATA })),
  'tool-result-document': called(CALL, resultOf({ type: 'document', source: PDF })),
  'tool-result-error': { ...called(CALL, { ...resultOf(), isError: true } as UserPart), model: QWEN },
  'max-output-tokens': { request: { maxOutputTokens: 10 } },
  temperature: { request: { temperature: 1.5 } },
  'top-p': { request: { temperature: 0.5, topP: 0.5 } },
  'top-k': { request: { topK: 5 }, capabilities: { sampling: false } },
  stop: { request: { stop: ['END', '\n'] } },
  seed: { request: { seed: 0 } },
  'frequency-penalty': { request: { frequencyPenalty: 1 } },
  'presence-penalty': { request: { presencePenalty: 1 } },
  'logit-bias': { request: { logitBias: { '1': 1 } } },
  logprobs: { request: { logprobs: {} } },
  choices: { request: { choices: 2 } },
  'json-object': { request: { responseFormat: { type: 'json' } } },
  'json-schema': {
    request: { responseFormat: { type: 'json-schema', schema: { type: 'object', properties: {} } } },
    capabilities: { jsonSchema: false },
  },
  'reasoning-effort': { request: { reasoning: { effort: 'high' } } },
  'reasoning-budget': { request: { reasoning: { enabled: true, budgetTokens: 9000 }, maxOutputTokens: 5000 } },
  'reasoning-adaptive': { request: { reasoning: { enabled: 'adaptive' } } },
  'reasoning-off': { request: { reasoning: { enabled: false } }, capabilities: { reasoningAlways: true } },
  'reasoning-display': { request: { reasoning: { display: 'omitted' } } },
  verbosity: { request: { verbosity: 'low' } },
  'service-tier': { request: { serviceTier: 'scale' } },
  user: { request: { user: 'u-1' } },
  streaming: { request: { stream: true } },
  'usage-frame': { request: { stream: true, includeUsage: true } },
};

describe("Converse's translation table", () => {
  for (const feature of FEATURES) {
    const { treatment } = CONVERSE_TRANSLATION[feature];
    it(`${feature} is ${treatment}`, () => {
      const { request, model, capabilities } = EXAMPLES[feature];
      const build = (): ReturnType<typeof buildBody> =>
        buildBody(makeInference({ ...request, fields: { [feature]: `at.${feature}` } }), model ?? CLAUDE, capabilities);
      if (treatment === 'refused') {
        const message = `\`at.${feature}\` ${CONVERSE_TRANSLATION[feature].says}.`;
        assert.throws(build, { code: 'capability_unsupported', param: `at.${feature}`, message });
        return;
      }
      const noted = build().notes.filter(({ field }) => field === `at.${feature}`);
      assert.equal(noted.length, treatment === 'approximated' ? 1 : 0);
    });
  }
});
