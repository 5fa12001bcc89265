import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { AssistantPart, ToolCallPart, UserPart } from '../../src/core/inference/content.ts';
import { FEATURES, type Feature } from '../../src/core/inference/features.ts';
import type { FunctionTool, InferenceRequest, TranslationNote } from '../../src/core/inference/request.ts';
import type { TranslationTable } from '../../src/core/inference/translation.ts';
import type { Capabilities } from '../../src/models/capabilities/capabilities.ts';
import { makeInference } from './make-inference.ts';

/** A request that has a feature, and the target that it is for where that matters. */
export interface FeatureExample {
  readonly request: Partial<InferenceRequest>;
  /** The protocol's usual one where absent. */
  readonly model?: string;
  readonly capabilities?: Capabilities;
}

const HELLO = { role: 'user', content: [{ type: 'text', text: 'Hello' }] } as const;
export const TOOL: FunctionTool = { name: 'f', parameters: { type: 'object', properties: {} } };
export const DATA = { kind: 'data', mediaType: 'image/png', base64: 'AAAA' } as const;
export const PDF = { kind: 'data', mediaType: 'application/pdf', base64: 'AAAA' } as const;
const FILE = { kind: 'file', fileId: 'file-1' } as const;
export const CALL: ToolCallPart = { type: 'tool-call', id: 'call_1', name: 'f', argumentsText: '{}' };

export function says(...content: UserPart[]): FeatureExample {
  return { request: { messages: [{ role: 'user', content }] } };
}

export function answered(part: AssistantPart): FeatureExample {
  return { request: { messages: [HELLO, { role: 'assistant', content: [part, { type: 'text', text: 'a' }] }, HELLO] } };
}

export function called(call: AssistantPart, result: UserPart): FeatureExample {
  const turns = [HELLO, { role: 'assistant', content: [call] }, { role: 'user', content: [result] }] as const;
  return { request: { messages: turns, tools: [TOOL] } };
}

export function resultOf(...content: Extract<UserPart, { type: 'tool-result' }>['content']): UserPart {
  return { type: 'tool-result', toolCallId: 'call_1', content };
}

export function tools(parts: Partial<InferenceRequest> = {}): FeatureExample {
  return { request: { tools: [TOOL], ...parts } };
}

/** One request for each feature; a protocol has its own where another is approximated there, to show what is lost. */
export const FEATURE_EXAMPLES: Readonly<Record<Feature, FeatureExample>> = {
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
  'reasoning-signature': answered({ type: 'reasoning', text: 'hm', signature: 's' }),
  'redacted-reasoning': answered({ type: 'reasoning', text: '', redacted: 'x' }),
  tools: tools(),
  'strict-tools': tools({
    tools: [{ ...TOOL, strict: true, parameters: { type: 'object', additionalProperties: true } }],
  }),
  'tool-without-parameters': tools({ tools: [{ name: 'f' }] }),
  'tool-choice-auto': tools({ toolChoice: { type: 'auto' } }),
  'tool-choice-none': tools({ toolChoice: { type: 'none' } }),
  'tool-choice-required': tools({ toolChoice: { type: 'required' } }),
  'tool-choice-named': tools({ toolChoice: { type: 'tool', name: 'f' } }),
  'tool-choice-allowed': tools({ toolChoice: { type: 'allowed', names: ['f'], required: false } }),
  'parallel-tool-calls': tools({ parallelToolCalls: false }),
  'tool-arguments-not-json': called({ ...CALL, argumentsText: '{"cut' }, resultOf()),
  'tool-call-id': called({ ...CALL, id: 'a b' }, resultOf()),
  'tool-result-image': called(CALL, resultOf({ type: 'image', source: DATA })),
  'tool-result-document': called(CALL, resultOf({ type: 'document', source: PDF })),
  'tool-result-error': called(CALL, { ...resultOf(), isError: true } as UserPart),
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
  'reasoning-budget': { request: { reasoning: { enabled: true, budgetTokens: 9000 } } },
  'reasoning-adaptive': { request: { reasoning: { enabled: 'adaptive' } } },
  'reasoning-off': { request: { reasoning: { enabled: false } }, capabilities: { reasoningAlways: true } },
  'reasoning-display': { request: { reasoning: { display: 'omitted' } } },
  verbosity: { request: { verbosity: 'low' } },
  'service-tier': { request: { serviceTier: 'flex' } },
  user: { request: { user: 'u-1' } },
  streaming: { request: { stream: true } },
  'usage-frame': { request: { stream: true, includeUsage: true } },
};

type Build = (inference: InferenceRequest, example: FeatureExample) => { readonly notes: readonly TranslationNote[] };

/** What a protocol's table says of each feature is what becomes of it. */
export function provesTable(
  title: string,
  table: TranslationTable,
  examples: Readonly<Record<Feature, FeatureExample>>,
  build: Build,
): void {
  describe(title, () => {
    for (const feature of FEATURES) {
      const { treatment, says: words } = table[feature];
      it(`${feature} is ${treatment}`, () => {
        const example = examples[feature];
        const inference = makeInference({ ...example.request, fields: { [feature]: `at.${feature}` } });
        if (treatment === 'refused') {
          const message = `\`at.${feature}\` ${words}.`;
          assert.throws(() => build(inference, example), {
            code: 'capability_unsupported',
            param: `at.${feature}`,
            message,
          });
          return;
        }
        const noted = build(inference, example).notes.filter(({ field }) => field === `at.${feature}`);
        assert.equal(noted.length, treatment === 'approximated' ? 1 : 0);
      });
    }
  });
}
