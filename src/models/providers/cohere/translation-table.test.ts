import {
  FEATURE_EXAMPLES,
  TOOL,
  DATA,
  CALL,
  says,
  answered,
  called,
  resultOf,
  tools,
  provesTable,
} from '../../../../test/support/feature-examples.ts';
import type { Capabilities } from '../../capabilities/capabilities.ts';
import { buildBody } from './build-body.ts';
import { COHERE_TRANSLATION } from './translation-table.ts';

const TEXT = { kind: 'text', text: 'a' } as const;
const THINKS: Capabilities = { reasoning: true };

/** Of an approximation one in which something is lost. */
const EXAMPLES = {
  ...FEATURE_EXAMPLES,
  'image-detail': says({ type: 'image', source: DATA, detail: 'original' }),
  'document-text': says({ type: 'document', source: TEXT }),
  'document-title': says({ type: 'document', source: TEXT, title: 't' }),
  'document-context': says({ type: 'document', source: TEXT, context: 'c' }),
  'document-citations': says({ type: 'document', source: TEXT, citations: true }),
  'reasoning-signature': answered({ type: 'reasoning', text: '', signature: 's' }),
  'strict-tools': tools({ tools: [{ ...TOOL, strict: true }] }),
  'tool-result-document': called(CALL, resultOf({ type: 'document', source: TEXT })),
  'max-output-tokens': { request: { maxOutputTokens: 10 }, capabilities: { outputTokens: 4 } },
  'top-p': { request: { topP: 1 } },
  'top-k': { request: { topK: 501 } },
  stop: { request: { stop: ['a', 'b', 'c', 'd', 'e', 'f'] } },
  'frequency-penalty': { request: { frequencyPenalty: -1 } },
  'presence-penalty': { request: { presencePenalty: 1, frequencyPenalty: 1 } },
  'json-object': tools({ responseFormat: { type: 'json' } }),
  'json-schema': { request: { responseFormat: { type: 'json-schema', schema: { type: 'object', properties: {} } } } },
  'reasoning-effort': { request: { reasoning: { effort: 'low' } }, capabilities: THINKS },
  'reasoning-off': { request: { reasoning: { enabled: false } }, capabilities: THINKS },
} as const;

provesTable("promise 2: Cohere's translation table", COHERE_TRANSLATION, EXAMPLES, (inference, { capabilities }) =>
  buildBody(inference, 'command-x', capabilities),
);
