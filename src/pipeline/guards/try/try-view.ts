import type { JsonObject } from '../../../core/json.ts';
import type { Place, Verdict, VerdictOutcome } from '../../../core/screening.ts';
import type { Action } from '../actions.ts';
import { refusalText } from '../output/blocked-answer.ts';
import type { GuardPolicy, Policies } from '../engine/guard-policy.ts';
import type { TextSlot, UnreadKind } from '../slots/slot.ts';
import type { TryAsked } from './question.ts';
import { ACTIONS, type TryView } from './views.ts';

/** What came of it. */
export interface Came {
  readonly verdicts: readonly Verdict[];
  /** Of a request that would go on: the body, and its texts. */
  readonly body?: JsonObject;
  readonly texts?: readonly TextSlot[];
  /** Of an answer that would go out. */
  readonly answer?: string | undefined;
  /** Of one that is refused with an error. */
  readonly message?: string;
  readonly hasFailed?: boolean;
}

interface Tried extends Came {
  readonly asked: TryAsked;
  readonly policies: Policies;
  readonly found: TryView['found'];
  readonly unread: readonly UnreadKind[];
}

export function tryView(tried: Tried): TryView {
  const { asked, policies, found, unread, verdicts } = tried;
  const { side, asksJudges } = asked;
  const action = actionOf(tried);
  const isStopped = action === 'blocked' || action === 'failed' || action === 'review';
  return {
    side,
    policies: policies.map(({ name, version }) => ({ name, version })),
    action,
    message: action === 'blocked' ? (tried.message ?? wordsOf(policies, verdicts)) : (tried.message ?? null),
    verdicts: verdicts.map((verdict) => verdictView(policies, verdict)),
    found: [...found],
    text: isStopped ? null : textOf(tried),
    body: isStopped ? null : (tried.body ?? null),
    unread: [...unread],
    judges: { asked: asksJudges, not_asked: asksJudges ? [] : askingAt(policies, side) },
  };
}

const OF_OUTCOMES: Partial<Record<VerdictOutcome, TryView['action']>> = {
  blocked: 'blocked',
  review: 'review',
  redacted: 'redacted',
  repaired: 'redacted',
  flagged: 'flagged',
};

/** The strictest. A guard that failed and let it go on has done nothing. */
function actionOf({ verdicts, message, hasFailed }: Came): string {
  if (message !== undefined) return hasFailed === true ? 'failed' : 'blocked';
  const came = new Set(verdicts.map(({ outcome, went }) => (went === 'no-further' ? 'failed' : OF_OUTCOMES[outcome])));
  return ACTIONS.findLast((action) => came.has(action)) ?? 'passed';
}

/** What a client reads in place of an answer. */
function wordsOf(policies: Policies, verdicts: readonly Verdict[]): string {
  const blocking = verdicts.find(({ outcome }) => outcome === 'blocked');
  return refusalText(policyOf(policies, blocking) ?? policies[0]);
}

/** What the user's text has become; of a whole request the body says it. */
function textOf({ asked, texts, answer }: Tried): string | null {
  if (asked.side === 'output') return answer ?? null;
  if (asked.text === undefined) return null;
  return texts?.findLast(({ role }) => role === 'user')?.text ?? '';
}

function verdictView(policies: Policies, verdict: Verdict): TryView['verdicts'][number] {
  const { guard, place, outcome, score, found, micros, detail } = verdict;
  const policy = policyOf(policies, verdict) ?? policies[0];
  const { action, threshold } = settingOf(policy, guard, place);
  return {
    policy: policy.name,
    guard,
    place,
    action,
    outcome,
    score: score ?? null,
    threshold,
    found: { ...found },
    micros,
    detail: detail ?? {},
  };
}

/** Where there are several, verdicts say whose they are. */
function policyOf(policies: Policies, verdict: Verdict | undefined): GuardPolicy | undefined {
  return policies.find(({ name }) => name === verdict?.detail?.['policy']);
}

function settingOf(policy: GuardPolicy, name: string, place: Place) {
  const guard = [...policy.scanning, ...policy.asking].find((one) => one.name === name);
  if (guard) return { action: guard.actions[place], threshold: guard.threshold };
  return { action: name === 'validation' ? (policy.validation?.action ?? null) : null, threshold: null };
}

/** Guards that would ask somebody about it, by name. */
function askingAt(policies: Policies, side: TryAsked['side']): string[] {
  const asking = policies.flatMap((policy) => policy.asking.filter(({ actions }) => looksAt(actions, side)));
  return [...new Set(asking.map(({ name }) => name))];
}

function looksAt({ output, ...others }: Readonly<Record<Place, Action>>, side: TryAsked['side']): boolean {
  return side === 'output' ? output !== 'off' : Object.values(others).some((action) => action !== 'off');
}
