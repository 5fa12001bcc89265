import type { CacheOutcome, Saving } from '../../../core/caching.ts';
import type { Call } from '../../../core/call.ts';
import type { Reply } from '../../../core/reply.ts';
import { addCausewayHeaders, costHeader } from '../../../core/reply-headers.ts';
import { paidFor } from '../answer/paid.ts';

/** How many warnings of a call there were when it was asked for others as well: those after that are theirs, too. */
export type WarningMark = number;

/** Makes of an answer to `leader` one to `call`, which asked for the same and has sent nothing itself. */
export function shareWith(call: Call, leader: Call, mark: WarningMark, reply: Reply, now: number): Reply {
  call.cache = outcomeOf(call, leader, now);
  call.answeredBy = leader.answeredBy;
  for (const warning of leader.warnings.slice(mark)) {
    if (!call.warnings.includes(warning)) call.warnings.push(warning);
  }
  return { ...reply, headers: headersFor(call, reply) };
}

/** @param now monotonic milliseconds; an answer is shared when its first content is there */
function outcomeOf(call: Call, leader: Call, now: number): CacheOutcome {
  const { shown } = leader.attempts;
  const key = call.cache?.key;
  const shared = { state: 'coalesced', key, answeredAt: now } as const;
  if (!shown) {
    const { target, responseModel, simulated } = leader.cache ?? {};
    return { ...shared, target, responseModel, simulated };
  }
  const { target, simulated } = shown.opening;
  return { ...shared, target, responseModel: shown.responseModel, simulated };
}

/** Facts about rate limits and the provider's id of the request belong to who sent it. */
function headersFor(call: Call, { kind, headers }: Reply): Record<string, string> {
  const own: Record<string, string> = kind === 'stream' ? {} : costHeader(call);
  for (const name of OF_THE_ANSWER) {
    const value = headers[name];
    if (value !== undefined) own[name] = value;
  }
  return addCausewayHeaders(call, own);
}

const OF_THE_ANSWER = ['content-type', 'cache-control'] as const;

/** Books for `call` what the request of `leader` cost, once that is settled. */
export function bookSaving(call: Call, leader: Call): void {
  call.savings = [...(call.savings ?? []), savingBy(leader)];
}

/** What one call saves that is answered with what another one asked for. */
export function savingBy({ attempts, savings = [] }: Pick<Call, 'attempts' | 'savings'>): Saving {
  const handedOn = savings.find(({ mechanism }) => mechanism === 'coalesced');
  // It sent nothing either: another replica did.
  if (attempts.all.length === 0 && handedOn) return handedOn;
  return { mechanism: 'coalesced', ...paidFor(attempts) };
}
