import type { Assignment, Call } from '../../core/call.ts';
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
  return call.assignment ? ownField(call, call.assignment, catalog) : 'max_completion_tokens';
}

/** What was found for an assignment, which is the same object for many calls; of one catalog. */
const FOUND = new WeakMap<Assignment, { readonly catalog: ModelCatalog; readonly field: MaxTokensField }>();

function ownField(call: Call, assignment: Assignment, catalog: ModelCatalog): MaxTokensField {
  // Of the other dialects nobody asks, so that what was found holds for chats in OpenAI's.
  const isUsual = call.dialect === 'openai' && call.operation === 'chat';
  const known = isUsual ? FOUND.get(assignment) : undefined;
  if (known?.catalog === catalog) return known.field;
  const field = fieldOfTargets(call, assignment, catalog);
  if (isUsual) FOUND.set(assignment, { catalog, field });
  return field;
}

function fieldOfTargets(call: Call, assignment: Assignment, catalog: ModelCatalog): MaxTokensField {
  let field: MaxTokensField | undefined;
  for (const { provider: name, model } of reachableTargets(assignment)) {
    const provider = catalog.provider(name);
    if (provider.wire(call.dialect, call.operation, model)?.dialect !== call.dialect) continue;
    if (provider.maxTokensField === 'max_completion_tokens') return 'max_completion_tokens';
    field = 'max_tokens';
  }
  return field ?? 'max_completion_tokens';
}
