import { hash } from 'node:crypto';

import type { Config } from '../config/config.ts';
import { targetName } from '../core/call.ts';
import { systemClock } from '../core/clock.ts';
import { VERSION } from '../core/version.ts';
import { estimateCall } from '../edge/estimate-call.ts';
import type { Judge } from '../pipeline/guards/engine/judge.ts';
import { injectionScanner } from '../pipeline/guards/injection/scanner.ts';
import type { CascadeThresholds } from '../pipeline/guards/moderation/calibration/cascade-bounds.ts';
import { keywordScanner } from '../pipeline/guards/moderation/keywords.ts';
import type { JudgeSettings, ScorerSettings } from '../pipeline/guards/moderation/settings.ts';
import { readWordLists } from '../pipeline/guards/moderation/word-lists.ts';
import { openJudge } from '../pipeline/guards/remote/judges.ts';
import type { WordLists } from '../pipeline/guards/scan/scanning.ts';
import type { Scanner } from '../pipeline/guards/scan/scanner.ts';
import type { GuardPolicySettings } from '../pipeline/guards/settings.ts';
import { type OpenedProviders, type Spent, openProviders } from './guards-providers.ts';

export interface Scores {
  readonly score: number;
  readonly strongScore: number | undefined;
}

/** The thresholds of a guard: of a cascade, or one alone. */
export type Thresholds = CascadeThresholds | { readonly threshold: number };

/** One guard of a policy, as texts are shown to it. */
export interface Scorer {
  readonly policy: string;
  readonly guard: string;
  /** The thresholds in force. */
  readonly now: Thresholds;
  /** Changes with everything that its scores depend on. */
  readonly version: string;
  /** Who is asked; empty where nobody is. */
  readonly asks: readonly string[];
  /** What answers have cost so far. */
  readonly spent: Spent;
  /** @throws JudgeFailed */
  score(text: string): Promise<Scores>;
  close(): Promise<void>;
}

/** Guards of a policy that have a threshold. */
function guardsOf({ keywords, injection, judges }: GuardPolicySettings): string[] {
  return [...(keywords ? ['keywords'] : []), ...(injection ? ['injection'] : []), ...judges.keys()];
}

/** @throws RangeError where there is no such policy, or no such guard in it */
export function openScorer(config: Config, policyName: string, guard: string): Scorer {
  const policy = config.guards.get(policyName);
  if (!policy) throw new RangeError(`there is no policy "${policyName}" under guards; ${listed(config.guards.keys())}`);
  const { keywords, injection, judges } = policy;
  const judge = judges.get(guard);
  const name = { policy: policyName, guard };
  if (judge) return judgeScorer(name, judge, config);
  if (guard === 'keywords' && keywords) {
    const words = readWordLists(keywords);
    return scannerScorer(name, keywordScanner(keywords, words), keywords, words);
  }
  if (guard === 'injection' && injection) {
    return scannerScorer(name, injectionScanner(), injection);
  }
  throw new RangeError(
    `the policy "${policyName}" has no guard "${guard}" with a threshold; ${listed(guardsOf(policy))}`,
  );
}

function listed(names: Iterable<string>): string {
  const all = [...names];
  return all.length === 0 ? 'there are none' : `there are: ${all.join(', ')}`;
}

interface Name {
  readonly policy: string;
  readonly guard: string;
}

type ScannerSettings = NonNullable<GuardPolicySettings['keywords' | 'injection']>;

function scannerScorer(name: Name, scanner: Scanner, settings: ScannerSettings, words?: WordLists): Scorer {
  return {
    ...name,
    now: { threshold: settings.threshold },
    version: versionOf([settings, words]),
    asks: [],
    spent: { nanoUsd: 0, known: true },
    score: async (text) => ({ score: scanner.scan(text).score, strongScore: undefined }),
    close: async () => undefined,
  };
}

/** Of everything that scores depend on. */
function versionOf(parts: readonly unknown[]): string {
  const said = JSON.stringify([VERSION, parts], (_key, value: unknown) => (value instanceof Map ? [...value] : value));
  return hash('sha256', said).slice(0, 12);
}

/** Longer than a gateway waits: what is wanted here is an answer. */
const ALLOWED_MS = 60_000;

async function ask(judge: Judge, text: string): Promise<number> {
  const body = { model: 'none', messages: [{ role: 'user', content: text }] };
  const call = estimateCall({ clock: systemClock, limits: { trustedProxies: 0 } }, '/v1/chat/completions', body);
  return (await judge.ask({ text, place: 'input', call, allowedMs: ALLOWED_MS })).score;
}

function judgeScorer(name: Name, settings: JudgeSettings, config: Config): Scorer {
  const { cascade, categories, threshold } = settings;
  const { first, strong, providers } = openJudges(settings, config);
  const parts = [settings.target, settings.service, settings.as, settings.question, categories, cascade?.strong];
  return {
    ...name,
    now: cascade ? { pass: cascade.pass, block: cascade.block, threshold } : { threshold },
    version: versionOf(parts),
    asks: [whoOf(settings), ...(cascade ? [whoOf(cascade.strong)] : [])],
    spent: providers.spent,
    async score(text) {
      const [score, strongScore] = await Promise.all([ask(first, text), strong && ask(strong, text)]);
      return { score, strongScore };
    },
    close: () => providers.close(),
  };
}

function openJudges(settings: JudgeSettings, config: Config) {
  const { cascade, categories } = settings;
  const providers: OpenedProviders = openProviders(config);
  return {
    providers,
    first: openJudge(settings, providers.deps),
    strong: cascade && openJudge({ ...cascade.strong, categories }, providers.deps),
  };
}

function whoOf({ target, service }: ScorerSettings): string {
  return target ? targetName(target) : (service ?? 'nobody');
}
