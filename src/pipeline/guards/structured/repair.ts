import type { BodyPatch } from '../../../core/body-patch.ts';
import type { Call } from '../../../core/call.ts';
import { toGatewayError } from '../../../core/errors.ts';
import type { Spending } from '../../../core/spending.ts';
import { askAgain, whatIsWrong } from './ask-again.ts';
import type { SchemaFault } from './json-schema/check-json.ts';

interface Wrong {
  readonly answer: string;
  readonly faults: readonly SchemaFault[];
}

/**
 * Asks with the answer and what is wrong with it behind the conversation. The body is as it was afterwards; what was
 * sent is listed on the attempts, and the budgets that count the call count it.
 * @returns undefined where there is no way to ask, or no answer
 */
export async function repaired<T>(
  call: Call,
  { answer, faults }: Wrong,
  ask: () => Promise<T>,
): Promise<T | undefined> {
  const patches = askAgain(call.dialect, call.body.resolved, answer, whatIsWrong(faults));
  if (!patches) return undefined;
  const before = call.attempts.all.length;
  const { spending } = call;
  const takeBack = patches.map((patch) => call.body.amend(patch));
  if (spending) call.spending = withMore(spending, bytesOf(patches));
  try {
    return await ask();
  } catch (thrown) {
    call.warnings.push(`structured: the model gave no second answer (${toGatewayError(thrown).code})`);
    return undefined;
  } finally {
    call.spending = spending;
    for (const back of takeBack) back();
    const listed = patches.map(({ op, path }): BodyPatch =>
      op === 'remove' ? { op, path } : { op, path, value: SENT },
    );
    for (const attempt of call.attempts.all.slice(before)) attempt.patches = [...listed, ...attempt.patches];
  }
}

/** On the record; the texts themselves are the model's. */
const SENT = '(the answer, and what is wrong with it)';

/** No token is less than a byte. */
function bytesOf(patches: readonly BodyPatch[]): number {
  return patches.reduce((sum, patch) => sum + Buffer.byteLength(JSON.stringify(patch)), 0);
}

function withMore(spending: Spending, tokens: number): Spending {
  return {
    cover: (target, more = 0) => spending.cover(target, more + tokens),
    waits: () => spending.waits(),
    sends: () => spending.sends(),
  };
}
