import type { Call } from '../../core/call.ts';
import type { Reply } from '../../core/reply.ts';
import type { Handler, Stage } from '../../core/stage.ts';
import { answerStored } from './answer-stored.ts';
import type { StoredResponsesDeps } from './deps.ts';
import { keepAnswer, warnIfOff } from './keep.ts';
import { resolveCall } from './resolve.ts';

/**
 * Keeps the responses that providers of other protocols cannot keep, and puts into a request what it refers to of them.
 * Only such a request, or one for a kept response itself, waits for the database.
 */
export function storedResponsesStage(deps: StoredResponsesDeps): Stage {
  return {
    name: 'stored-responses',
    run(call, next) {
      return call.dialect === 'responses' ? resolvedAndKept(deps, call, next) : next(call);
    },
  };
}

async function resolvedAndKept(deps: StoredResponsesDeps, call: Call, next: Handler): Promise<Reply> {
  if (call.resource) return (await answerStored(deps, call)) ?? next(call);
  const resolved = await resolveCall(deps, call);
  const isKept = mayBeKept(deps, call);
  if (isKept) warnIfOff(deps, call);
  const reply = await next(call);
  // Which target answers is known only now.
  if (call.operation === 'chat') keepAnswer(deps, call, reply, resolved);
  return reply;
}

function mayBeKept(deps: StoredResponsesDeps, call: Call): boolean {
  return call.operation === 'chat' && !deps.isRelayed(call);
}
