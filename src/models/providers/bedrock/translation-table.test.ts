import {
  FEATURE_EXAMPLES,
  CALL,
  says,
  answered,
  called,
  resultOf,
  tools,
  provesTable,
} from '../../../../test/support/feature-examples.ts';
import type { UserPart } from '../../../core/inference/content.ts';
import { buildBody } from './build-body.ts';
import { CONVERSE_TRANSLATION } from './translation-table.ts';

const CLAUDE = 'anthropic.claude-x-v1:0';
const QWEN = 'qwen.qwen3-32b-v1:0';
const marked = { type: 'text', text: 'a', cache: { ttl: undefined } } as const;

/** Of an approximation one in which something is lost. */
const EXAMPLES = {
  ...FEATURE_EXAMPLES,
  'cache-breakpoint': says(marked, marked, marked, marked, marked),
  'reasoning-signature': answered({ type: 'reasoning', text: 'hm', signature: 'converse:s' }),
  'redacted-reasoning': answered({ type: 'reasoning', text: '', redacted: 'converse:x' }),
  'tool-choice-none': { request: { ...called(CALL, resultOf()).request, toolChoice: { type: 'none' } } },
  'parallel-tool-calls': { ...tools({ parallelToolCalls: false }), model: QWEN },
  'tool-result-error': { ...called(CALL, { ...resultOf(), isError: true } as UserPart), model: QWEN },
  'reasoning-budget': { request: { reasoning: { enabled: true, budgetTokens: 9000 }, maxOutputTokens: 5000 } },
  'service-tier': { request: { serviceTier: 'scale' } },
} as const;

provesTable(
  "Converse's translation table",
  CONVERSE_TRANSLATION,
  EXAMPLES,
  (inference, { model = CLAUDE, capabilities }) => buildBody(inference, model, capabilities),
);
