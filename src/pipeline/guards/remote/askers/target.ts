import { type Target, targetName } from '../../../../core/call.ts';
import { mayGoTo } from '../../../../core/reach.ts';
import { type AskDeps, askTurns } from '../../../../models/own-calls/ask-text.ts';
import type { Turn } from '../../../../models/own-calls/own-call.ts';
import { type JudgedText, JudgeFailed } from '../../engine/judge.ts';
import type { Asker } from '../asker.ts';

/** What askers of a target have in common. */
export function ofTarget(target: Target, key: readonly string[]): Pick<Asker, 'name' | 'keyOf' | 'maySee'> {
  const name = targetName(target);
  const own = JSON.stringify([name, ...key]);
  return { name, keyOf: ({ place }) => `${own} ${place}`, maySee: (call) => mayGoTo(call, target) };
}

/** Who pays for a question and ends it, and how long it may take. */
type Asked = Pick<JudgedText, 'call' | 'allowedMs'>;

/** Of its own request for that call. */
export function askedFor(target: Target, { call, allowedMs }: Asked) {
  return { endpoint: 'causeway/guard', caller: call, target, allowedMs, cancellation: call.cancellation } as const;
}

/** @throws JudgeFailed */
export async function saidBy(deps: AskDeps, target: Target, asked: Asked, turns: readonly Turn[]): Promise<string> {
  const answer = await askTurns(deps, { ...askedFor(target, asked), turns });
  if (!answer) throw silent(target);
  if (answer.text === undefined) throw new JudgeFailed(`${targetName(target)} answered, but not with a plain text`);
  return answer.text;
}

export function silent(target: Target): JudgeFailed {
  return new JudgeFailed(
    `${targetName(target)} gave no answer; the trace of its own request (endpoint causeway/guard) says why`,
  );
}
