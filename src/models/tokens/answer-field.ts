import type { Call } from '../../core/call.ts';
import { reachableTargets } from '../../core/reach.ts';
import type { ModelCatalog } from '../catalog.ts';
import type { MaxTokensField } from './answer-limits.ts';

/**
 * The field of OpenAI's chat in which a limit for the answer stands, or is to be set. The client's own stays; where there
 * is none it is the newer one if any target that may be sent the client's bytes has that as its own, since OpenAI's newer
 * models refuse the other, and else the older, which all servers know. That may be one of a rule's or the better model of
 * a cascade, too. A target that is not known to obey it counts as one without a limit.
 */
export function answerField(call: Call, catalog: ModelCatalog): MaxTokensField {
  const { max_completion_tokens: newer, max_tokens: older } = call.body.resolved;
  if (newer !== undefined && newer !== null) return 'max_completion_tokens';
  if ((older !== undefined && older !== null) || call.operation === 'completion') return 'max_tokens';
  let field: MaxTokensField | undefined;
  for (const { provider: name, model } of call.assignment ? reachableTargets(call.assignment) : []) {
    const provider = catalog.provider(name);
    if (provider.wire(call.dialect, call.operation, model)?.dialect !== call.dialect) continue;
    if (provider.maxTokensField === 'max_completion_tokens') return 'max_completion_tokens';
    field = 'max_tokens';
  }
  return field ?? 'max_completion_tokens';
}
