import { FEATURE_EXAMPLES, says, provesTable } from '../../../../test/support/feature-examples.ts';
import { buildBody } from './build-body.ts';
import { ANTHROPIC_TRANSLATION } from './translation-table.ts';

const marked = { type: 'text', text: 'a', cache: { ttl: undefined } } as const;

/** Of an approximation one in which something is lost. */
const EXAMPLES = {
  ...FEATURE_EXAMPLES,
  'cache-breakpoint': says(marked, marked, marked, marked, marked),
  'reasoning-budget': { request: { reasoning: { enabled: true, budgetTokens: 9000 }, maxOutputTokens: 5000 } },
} as const;

provesTable("Anthropic's translation table", ANTHROPIC_TRANSLATION, EXAMPLES, (inference, { capabilities }) =>
  buildBody(inference, 'claude-x', capabilities),
);
