import {
  FEATURE_EXAMPLES,
  PDF,
  CALL,
  says,
  called,
  resultOf,
  provesTable,
} from '../../../../test/support/feature-examples.ts';
import type { Capabilities } from '../../capabilities/capabilities.ts';
import { buildBody } from './build-body.ts';
import { OPENAI_QUIRKS } from './quirks.ts';
import { OPENAI_TRANSLATION } from './translation-table.ts';

const FIXED: Capabilities = { sampling: false };
const SOME_EFFORTS: Capabilities = { reasoning: true, efforts: ['low', 'high'] };

/** Of an approximation one in which something is lost. */
const EXAMPLES = {
  ...FEATURE_EXAMPLES,
  'document-title': says({ type: 'document', source: PDF, title: 't' }),
  'tool-call-id': called({ ...CALL, id: 'a'.repeat(50) }, resultOf()),
  'max-output-tokens': { request: { maxOutputTokens: 10 }, capabilities: { outputTokens: 5 } },
  temperature: { request: { temperature: 0.5 }, capabilities: FIXED },
  'top-p': { request: { topP: 0.5 }, capabilities: FIXED },
  'top-k': { request: { topK: 5 } },
  stop: { request: { stop: ['a', 'b', 'c', 'd', 'e'] } },
  'frequency-penalty': { request: { frequencyPenalty: 1 }, capabilities: FIXED },
  'presence-penalty': { request: { presencePenalty: 1 }, capabilities: FIXED },
  'logit-bias': { request: { logitBias: { '1': 1 } }, capabilities: FIXED },
  'json-schema': {
    request: { responseFormat: { type: 'json-schema', schema: { type: 'object', properties: {} } } },
  },
  'reasoning-effort': { request: { reasoning: { effort: 'max' } }, capabilities: SOME_EFFORTS },
  'reasoning-off': { request: { reasoning: { enabled: false } }, capabilities: SOME_EFFORTS },
  'service-tier': { request: { serviceTier: 'standard_only' } },
} as const;

provesTable("OpenAI's translation table", OPENAI_TRANSLATION, EXAMPLES, (inference, { capabilities }) =>
  buildBody(inference, 'm', capabilities, OPENAI_QUIRKS),
);
