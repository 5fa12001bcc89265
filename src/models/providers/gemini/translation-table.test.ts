import {
  FEATURE_EXAMPLES,
  TOOL,
  DATA,
  PDF,
  CALL,
  says,
  answered,
  called,
  resultOf,
  tools,
  provesTable,
} from '../../../../test/support/feature-examples.ts';
import { buildBody } from './build-body.ts';
import { GEMINI_TRANSLATION } from './translation-table.ts';

const TEXT = { kind: 'text', text: 'a' } as const;
const FLAVOUR = { callIds: true, serviceTier: false, penaltiesBefore3: false };
const OLD = 'gemini-2.0-flash';

/** Of an approximation one in which something is lost. */
const EXAMPLES = {
  ...FEATURE_EXAMPLES,
  'image-detail': says({ type: 'image', source: DATA, detail: 'low' }),
  'document-text': says({ type: 'document', source: TEXT }),
  'document-title': says({ type: 'document', source: TEXT, title: 't' }),
  'document-context': says({ type: 'document', source: TEXT, context: 'c' }),
  'document-citations': says({ type: 'document', source: TEXT, citations: true }),
  'reasoning-signature': answered({ type: 'reasoning', text: '', signature: 's' }),
  'strict-tools': tools({ tools: [{ ...TOOL, strict: true }] }),
  'tool-result-image': { ...called(CALL, resultOf({ type: 'image', source: DATA })), model: OLD },
  'tool-result-document': { ...called(CALL, resultOf({ type: 'document', source: PDF })), model: OLD },
  'top-p': { request: { topP: 1 } },
  'top-k': { request: { topK: 501 } },
  stop: { request: { stop: ['a', 'b', 'c', 'd', 'e', 'f'] } },
  seed: { request: { seed: 2 ** 40 } },
  'frequency-penalty': { request: { frequencyPenalty: 1 }, model: 'gemini-2.5-pro' },
  'presence-penalty': { request: { presencePenalty: 1 }, model: 'gemini-2.5-pro' },
  'json-object': { ...tools({ responseFormat: { type: 'json' } }), model: OLD },
  'json-schema': { request: { responseFormat: { type: 'json-schema', schema: { type: 'string', pattern: 'a' } } } },
  'reasoning-effort': { request: { reasoning: { effort: 'medium' } }, model: 'gemini-2.5-flash' },
  'reasoning-adaptive': { request: { reasoning: { enabled: 'adaptive' } }, model: OLD },
  'reasoning-off': { request: { reasoning: { enabled: false } } },
  'reasoning-display': { request: { reasoning: { display: 'summarized' } }, model: OLD },
} as const;

provesTable(
  "promise 2: Gemini's translation table",
  GEMINI_TRANSLATION,
  EXAMPLES,
  (inference, { model = 'gemini-3-pro', capabilities }) => buildBody(inference, model, capabilities, FLAVOUR),
);
