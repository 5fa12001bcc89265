import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { makeInference } from '../../../../test/support/make-inference.ts';
import type { AssistantPart, UserPart } from '../../../core/inference/content.ts';
import { FEATURES, type Feature } from '../../../core/inference/features.ts';
import type { FunctionTool, InferenceRequest } from '../../../core/inference/request.ts';
import type { Capabilities } from '../../capabilities/capabilities.ts';
import { buildBody } from './build-body.ts';
import { GEMINI_TRANSLATION } from './translation-table.ts';

interface Example {
  readonly request: Partial<InferenceRequest>;
  readonly capabilities?: Capabilities;
  /** `gemini-3-pro` where absent. */
  readonly model?: string;
}

const HELLO = { role: 'user', content: [{ type: 'text', text: 'Hello' }] } as const;
const TOOL: FunctionTool = { name: 'f', parameters: { type: 'object', properties: {} } };
const DATA = { kind: 'data', mediaType: 'image/png', base64: 'AAAA' } as const;
const PDF = { kind: 'data', mediaType: 'application/pdf', base64: 'AAAA' } as const;
const TEXT = { kind: 'text', text: 'a' } as const;
const FILE = { kind: 'file', fileId: 'file-1' } as const;
const CALL: AssistantPart = { type: 'tool-call', id: 'call_1', name: 'f', argumentsText: '{}' };
const FLAVOUR = { callIds: true, serviceTier: false, penaltiesBefore3: false };
const OLD = 'gemini-2.0-flash';

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

/** One request for each feature; of an approximation one in which something is lost. */
const EXAMPLES: Readonly<Record<Feature, Example>> = {
  'system-prompt': { request: { messages: [{ role: 'system', content: [{ type: 'text', text: 's' }] }, HELLO] } },
  'system-mid-conversation': {
    request: { messages: [HELLO, { role: 'system', content: [{ type: 'text', text: 's' }] }, HELLO] },
  },
  'participant-name': { request: { messages: [{ ...HELLO, name: 'ann' }] } },
  prefill: { request: { messages: [HELLO, { role: 'assistant', content: [{ type: 'text', text: 'I say: ' }] }] } },
  'cache-breakpoint': says({ type: 'text', text: 'a', cache: { ttl: undefined } }),
  'auto-cache': { request: { autoCache: { ttl: '1h' } } },
  'prompt-cache-key': { request: { promptCacheKey: 'k' } },
  'image-data': says({ type: 'image', source: DATA }),
  'image-url': says({ type: 'image', source: { kind: 'url', url: 'https://example.com/a.png' } }),
  'image-file': says({ type: 'image', source: FILE }),
  'image-detail': says({ type: 'image', source: DATA, detail: 'low' }),
  'document-data': says({ type: 'document', source: PDF }),
  'document-url': says({ type: 'document', source: { kind: 'url', url: 'https://example.com/a.pdf' } }),
  'document-text': says({ type: 'document', source: TEXT }),
  'document-file': says({ type: 'document', source: FILE }),
  'document-title': says({ type: 'document', source: TEXT, title: 't' }),
  'document-context': says({ type: 'document', source: TEXT, context: 'c' }),
  'document-citations': says({ type: 'document', source: TEXT, citations: true }),
  'audio-input': says({ type: 'audio', format: 'wav', base64: 'AAAA' }),
  'refusal-history': answered({ type: 'refusal', text: 'No.' }),
  'reasoning-history': answered({ type: 'reasoning', text: 'hm' }),
  'reasoning-signature': answered({ type: 'reasoning', text: '', signature: 's' }),
  'redacted-reasoning': answered({ type: 'reasoning', text: '', redacted: 'x' }),
  tools: tools(),
  'strict-tools': tools({ tools: [{ ...TOOL, strict: true }] }),
  'tool-without-parameters': tools({ tools: [{ name: 'f' }] }),
  'tool-choice-auto': tools({ toolChoice: { type: 'auto' } }),
  'tool-choice-none': tools({ toolChoice: { type: 'none' } }),
  'tool-choice-required': tools({ toolChoice: { type: 'required' } }),
  'tool-choice-named': tools({ toolChoice: { type: 'tool', name: 'f' } }),
  'tool-choice-allowed': tools({ toolChoice: { type: 'allowed', names: ['f'], required: false } }),
  'parallel-tool-calls': tools({ parallelToolCalls: false }),
  'tool-arguments-not-json': called({ ...CALL, argumentsText: '{"cut' }, resultOf()),
  'tool-call-id': called({ ...CALL, id: 'a b' }, resultOf()),
  'tool-result-image': { ...called(CALL, resultOf({ type: 'image', source: DATA })), model: OLD },
  'tool-result-document': { ...called(CALL, resultOf({ type: 'document', source: PDF })), model: OLD },
  'tool-result-error': called(CALL, { ...resultOf(), isError: true } as UserPart),
  'max-output-tokens': { request: { maxOutputTokens: 10 } },
  temperature: { request: { temperature: 1.5 } },
  'top-p': { request: { topP: 1 } },
  'top-k': { request: { topK: 501 } },
  stop: { request: { stop: ['a', 'b', 'c', 'd', 'e', 'f'] } },
  seed: { request: { seed: 2 ** 40 } },
  'frequency-penalty': { request: { frequencyPenalty: 1 }, model: 'gemini-2.5-pro' },
  'presence-penalty': { request: { presencePenalty: 1 }, model: 'gemini-2.5-pro' },
  'logit-bias': { request: { logitBias: { '1': 1 } } },
  logprobs: { request: { logprobs: {} } },
  choices: { request: { choices: 2 } },
  'json-object': { ...tools({ responseFormat: { type: 'json' } }), model: OLD },
  'json-schema': { request: { responseFormat: { type: 'json-schema', schema: { type: 'string', pattern: 'a' } } } },
  'reasoning-effort': { request: { reasoning: { effort: 'medium' } }, model: 'gemini-2.5-flash' },
  'reasoning-budget': { request: { reasoning: { enabled: true, budgetTokens: 9000 } } },
  'reasoning-adaptive': { request: { reasoning: { enabled: 'adaptive' } }, model: OLD },
  'reasoning-off': { request: { reasoning: { enabled: false } } },
  'reasoning-display': { request: { reasoning: { display: 'summarized' } }, model: OLD },
  verbosity: { request: { verbosity: 'low' } },
  'service-tier': { request: { serviceTier: 'flex' } },
  user: { request: { user: 'u-1' } },
  streaming: { request: { stream: true } },
  'usage-frame': { request: { stream: true, includeUsage: true } },
};

describe("promise 2: Gemini's translation table", () => {
  for (const feature of FEATURES) {
    const { treatment } = GEMINI_TRANSLATION[feature];
    it(`${feature} is ${treatment}`, () => {
      const { request, capabilities, model = 'gemini-3-pro' } = EXAMPLES[feature];
      const build = (): ReturnType<typeof buildBody> =>
        buildBody(makeInference({ ...request, fields: { [feature]: `at.${feature}` } }), model, capabilities, FLAVOUR);
      if (treatment === 'refused') {
        const message = `\`at.${feature}\` ${GEMINI_TRANSLATION[feature].says}.`;
        assert.throws(build, { code: 'capability_unsupported', param: `at.${feature}`, message });
        return;
      }
      const noted = build().notes.filter(({ field }) => field === `at.${feature}`);
      assert.equal(noted.length, treatment === 'approximated' ? 1 : 0);
    });
  }
});
