import { requireStillWanted } from '../../core/abort-error.ts';
import { type Call, type Dialect, targetName } from '../../core/call.ts';
import type { JsonObject } from '../../core/json.ts';
import { addCausewayHeaders } from '../../core/reply-headers.ts';
import type { Handler, Stage } from '../../core/stage.ts';
import type { Reply } from '../../core/reply.ts';
import type { Clock } from '../../core/clock.ts';
import type { ModelCatalog } from '../../models/catalog.ts';
import { type TokenCount, countTokens } from '../../models/tokens/count.ts';

export interface TokenCountDeps {
  catalog(): ModelCatalog;
  readonly clock: Clock;
}

/** How each dialect that asks for a count is answered. */
const ANSWERS: Readonly<Partial<Record<Dialect, (tokens: number) => JsonObject>>> = {
  anthropic: (tokens) => ({ input_tokens: tokens }),
  gemini: (tokens) => ({ totalTokens: tokens }),
  responses: (tokens) => ({ object: 'response.input_tokens', input_tokens: tokens }),
};

/** How good a count is, for the client. */
const WARNINGS: Readonly<Record<TokenCount['method'], string>> = {
  tokenizer: 'the tokens were counted by the gateway with the tokenizer of the model',
  estimate: 'the tokens are an estimate of the gateway, as a rule within 15 %',
};

/**
 * Counts the tokens of a prompt for clients whose target cannot count them itself. Nothing is sent anywhere, so that it
 * costs nothing and opens no attempt.
 */
export function tokenCountStage(deps: TokenCountDeps): Stage {
  return {
    name: 'token-count',
    run(call, next) {
      return call.operation === 'token-count' ? counted(deps, call, next) : next(call);
    },
  };
}

async function counted(deps: TokenCountDeps, call: Call, next: Handler): Promise<Reply> {
  const target = call.assignment?.targets[0];
  const answer = ANSWERS[call.dialect];
  if (!target || !answer) return next(call);
  const provider = deps.catalog().provider(target.provider);
  if (provider.wire(call.dialect, call.operation, target.model)) return next(call);
  const counting = countTokens(call.inference, provider.family, target.model);
  const { tokens, method } = await call.spans.around('token-count', targetName(target), deps.clock, counting);
  requireStillWanted(call);
  call.warnings.push(WARNINGS[method]);
  return {
    kind: 'whole',
    status: 200,
    headers: addCausewayHeaders(call, { 'content-type': 'application/json' }),
    body: Buffer.from(JSON.stringify(answer(tokens))),
    terminal: { kind: 'completed', finishReason: undefined, usage: undefined },
  };
}
