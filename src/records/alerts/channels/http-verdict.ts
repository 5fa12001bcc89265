import { asString, isJsonObject, parseJson } from '../../../core/json.ts';
import type { PostAnswer } from './post.ts';
import { SENT, type Verdict, said } from './verdict.ts';

const RETRIED = new Set([408, 425, 429]);
const LONGEST_WAIT_MS = 10 * 60_000;

/** By the status alone. */
export function statusVerdict({ status, body, retryAfter }: PostAnswer, nowMs: number): Verdict {
  if (status >= 200 && status < 300) return SENT;
  const redirect = status >= 300 && status < 400 ? 'redirects are not followed' : said(body);
  const reason = `answered ${status}${redirect === '' ? '' : `: ${redirect}`}`;
  if (status < 500 && !RETRIED.has(status)) return { kind: 'refused', reason };
  return { kind: 'later', reason, retryAfterMs: waitOf(retryAfter, nowMs) };
}

/**
 * By a code in the body, since these receivers answer 200 whatever became of the message.
 * @param names of the code and of what is said of it
 * @param passing codes of what passes: limits, and faults of their own
 */
export function bodyVerdict(
  answer: PostAnswer,
  nowMs: number,
  names: { readonly code: string; readonly message: string },
  passing: ReadonlySet<number>,
): Verdict {
  const byStatus = statusVerdict(answer, nowMs);
  if (byStatus.kind !== 'sent') return byStatus;
  const body = parseJson(answer.body);
  const code = isJsonObject(body) ? body[names.code] : undefined;
  if (code === 0) return SENT;
  if (!isJsonObject(body) || typeof code !== 'number') {
    return { kind: 'refused', reason: `answered 200 without a code: ${said(answer.body)}` };
  }
  const reason = `answered ${names.code} ${code}: ${said(asString(body[names.message]) ?? '')}`;
  return passing.has(code) ? { kind: 'later', reason } : { kind: 'refused', reason };
}

/** Seconds, or a date. */
function waitOf(retryAfter: string | undefined, nowMs: number): number | undefined {
  if (retryAfter === undefined) return undefined;
  const wait = /^\d{1,9}$/.test(retryAfter) ? Number(retryAfter) * 1000 : Date.parse(retryAfter) - nowMs;
  return Number.isFinite(wait) ? Math.min(Math.max(wait, 0), LONGEST_WAIT_MS) : undefined;
}
