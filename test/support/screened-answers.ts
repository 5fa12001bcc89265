import type { Call } from '../../src/core/call.ts';
import type { StreamEvent } from '../../src/core/events.ts';
import type { Place } from '../../src/core/screening.ts';
import type { Action, OnFailure } from '../../src/pipeline/guards/actions.ts';
import type { AskingGuard, GuardPolicy, ScanningGuard } from '../../src/pipeline/guards/engine/guard-policy.ts';
import { buildPolicy } from '../../src/pipeline/guards/engine/build-policy.ts';
import type { Judge } from '../../src/pipeline/guards/engine/judge.ts';
import { ScreenedCall } from '../../src/pipeline/guards/engine/screened-call.ts';
import type { Given } from '../../src/pipeline/guards/output/deps.ts';
import type { Finding, Scanner } from '../../src/pipeline/guards/scan/scanner.ts';
import type { GuardPolicySettings } from '../../src/pipeline/guards/settings.ts';
import { Vault } from '../../src/pipeline/guards/vault/vault.ts';
import { configOf } from './config-of.ts';
import { type CallParts, makeCall } from './make-call.ts';

/** Finds phrases as they stand. What may become one is held. */
export function phraseScanner(phrases: readonly string[], category = 'PHRASE'): Scanner {
  return {
    scan(text) {
      const findings: Finding[] = [];
      for (let at = 0; at < text.length;) {
        const phrase = phrases.find((one) => text.startsWith(one, at));
        if (phrase !== undefined) findings.push({ start: at, end: at + phrase.length, category, score: 1 });
        at += phrase?.length ?? 1;
      }
      return { score: findings.length > 0 ? 1 : 0, findings };
    },
    held(end) {
      for (let held = end.length; held > 0; held -= 1) {
        const begun = end.slice(-held);
        if (phrases.some((one) => one.length > held && one.startsWith(begun))) return held;
      }
      return 0;
    },
  };
}

/** What a scanner, a judge or a policy is beside what the test says. */
interface GuardParts {
  readonly name?: string;
  readonly actions?: Partial<Record<Place, Action>>;
  readonly threshold?: number;
  readonly onFailure?: OnFailure;
}

function shared({ name = 'keywords', actions = {}, threshold = 0.5, onFailure = 'closed' }: GuardParts) {
  const off = {
    input: 'off',
    output: 'off',
    'tool-arguments': 'off',
    'tool-results': 'off',
    retrieved: 'off',
  } as const;
  return { name, actions: { ...off, ...actions }, threshold, onFailure, isExempt: () => false };
}

/** One action for what is said and for what tools are called with. */
export function everywhere(action: Action): Partial<Record<Place, Action>> {
  return { output: action, 'tool-arguments': action };
}

export function scanning(scanner: Scanner, parts: GuardParts = {}): ScanningGuard {
  return { scanner, ...shared(parts) };
}

export function asking(judge: Judge['ask'], parts: GuardParts = {}): AskingGuard {
  return { judge: { ask: judge }, timeoutMs: 1000, secondOpinion: false, ...shared(parts) };
}

let usual: GuardPolicySettings | undefined;

/** A policy of no guards but those of the test, with the settings that a file does not mention. */
export function policyWith(
  parts: Partial<Pick<GuardPolicy, 'scanning' | 'asking' | 'review' | 'grounding'>> & {
    readonly name?: string;
    readonly settings?: Partial<GuardPolicySettings>;
  } = {},
): GuardPolicy {
  const { name = 'p', settings, ...rest } = parts;
  usual ??= configOf('guards:\n  p: { unscreened: refuse }\n').guards.get('p');
  if (!usual) throw new Error('the policy is not there');
  const built = buildPolicy(
    name,
    { ...usual, unscreened: 'allow', ...settings },
    { scanners: new Map(), words: new Map(), judgeOf: () => ({ ask: () => Promise.reject(new Error('no judge')) }) },
  );
  return { ...built, ...rest };
}

/** A call that is screened. */
export function screenedCall(policy: GuardPolicy, parts: CallParts = {}): Call {
  const call = makeCall(parts);
  const screening = new ScreenedCall([policy]);
  screening.rewrites = true;
  call.screening = screening;
  return call;
}

export function newVault(): Vault {
  return new Vault({ secret: 'a secret of the test', scope: 'default', lasting: false });
}

export function givenWith(parts: Partial<Given> = {}): Given {
  return { vault: newVault(), sources: [], ...parts };
}

/** What a client reads of each kind of text of each answer. */
export function saidBy(events: readonly StreamEvent[]): ReadonlyMap<string, string> {
  const said = new Map<string, string>();
  for (const event of events) {
    const text = 'text' in event ? event.text : event.type === 'tool-call-delta' ? event.argumentsText : undefined;
    if (text === undefined || !('choice' in event)) continue;
    const key = `${event.choice} ${event.type}${event.type === 'tool-call-delta' ? ` ${event.index}` : ''}`;
    said.set(key, (said.get(key) ?? '') + text);
  }
  return said;
}
