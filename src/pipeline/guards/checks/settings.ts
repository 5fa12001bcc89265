import { checkWords } from '../moderation/keywords.ts';
import type { JudgeSettings } from '../moderation/settings.ts';
import { readWordLists } from '../moderation/word-lists.ts';
import { regionProblem } from '../pii/numbers/phones.ts';
import { PII_ENTITIES } from '../pii/settings.ts';
import { kindOf } from '../remote/judges.ts';
import { SCANNING } from '../scan/scanning.ts';
import type { GuardPolicySettings } from '../settings.ts';
import { patternProblem } from '../validation/forbid.ts';

/** Something that no single field of a policy can know. */
interface GuardProblem {
  /** The field at fault: `validation.forbid.secret.pattern`; empty where it is the policy. */
  readonly key: string;
  readonly message: string;
}

/** What else there is that policies may name. */
export interface GuardSurroundings {
  readonly services: readonly string[];
  readonly providers: readonly string[];
  /** What paths of files begin at. */
  readonly folder: string;
  /** A key below another, as messages have it. */
  readonly joinKey: (parent: string, name: string) => string;
  /** What was probably meant. */
  readonly suggestion: (word: string, known: readonly string[], what: string) => string;
}

/** Guards that no judge may be called like, since verdicts would not tell them apart. */
const TAKEN: ReadonlySet<string> = new Set([
  ...Object.values(SCANNING),
  'validation',
  'structured',
  'grounding',
  'canary',
  'review',
  // What no guard can read is told under this name.
  'all',
]);

/** What is wrong with a policy whose fields are each right. */
export function guardProblems(policy: GuardPolicySettings, around: GuardSurroundings): GuardProblem[] {
  const { joinKey } = around;
  return [
    ...emptyProblems(policy),
    ...patternProblems(policy.validation?.forbid, 'validation.forbid', joinKey),
    ...patternProblems(policy.pii?.own, 'pii.own', joinKey),
    ...regionProblems(policy.pii),
    ...ownProblems(policy.pii, joinKey),
    ...wordProblems(policy.keywords, around),
    ...exemptProblems(policy, around),
    ...[...policy.judges].flatMap(([name, judge]) => judgeProblems(name, judge, around)),
    ...opinionProblems(policy, joinKey),
  ];
}

/** A policy that does nothing is more likely a mistake of indentation. */
function emptyProblems(policy: GuardPolicySettings): GuardProblem[] {
  const { validation, pii, injection, keywords, judges, structured, grounding, review, unscreened } = policy;
  const guards = [validation, pii, injection, keywords, structured, grounding, review];
  if (judges.size > 0 || unscreened === 'refuse' || guards.some((one) => one !== undefined)) return [];
  return [{ key: '', message: 'has no guard; write validation, pii, injection, keywords, judges or another under it' }];
}

function ownProblems(pii: GuardPolicySettings['pii'], joinKey: Join): GuardProblem[] {
  const known: ReadonlySet<string> = new Set(PII_ENTITIES);
  const message =
    'a kind that is known without it; choose another name, and turn that one off with except if it is in the way';
  return [...(pii?.own.keys() ?? [])].flatMap((name) => {
    return known.has(name) ? [{ key: joinKey('pii.own', name), message }] : [];
  });
}

/** Nobody asks for a second opinion where there is no first one. */
function opinionProblems({ judges, injection }: GuardPolicySettings, joinKey: Join): GuardProblem[] {
  if (injection) return [];
  const message = 'needs injection in this policy, whose doubts it is asked about; it would never be asked';
  return [...judges].flatMap(([name, { secondOpinion }]) => {
    return secondOpinion ? [{ key: `${joinKey('judges', name)}.secondOpinion`, message }] : [];
  });
}

type Join = GuardSurroundings['joinKey'];
type Patterns = ReadonlyMap<string, { readonly pattern: string }> | undefined;

function patternProblems(patterns: Patterns, key: string, joinKey: Join): GuardProblem[] {
  return [...(patterns ?? [])].flatMap(([name, { pattern }]) => {
    const message = patternProblem(pattern);
    return message === undefined ? [] : [{ key: `${joinKey(key, name)}.pattern`, message }];
  });
}

function regionProblems(pii: GuardPolicySettings['pii']): GuardProblem[] {
  const message = pii && regionProblem(pii.region);
  return message === undefined ? [] : [{ key: 'pii.region', message }];
}

type Keywords = GuardPolicySettings['keywords'];

function wordProblems(keywords: Keywords, { joinKey, folder }: GuardSurroundings): GuardProblem[] {
  if (!keywords) return [];
  const words = new Map<string, readonly string[]>();
  const problems = [...keywords.lists].flatMap(([name, list]) => {
    const problem = wordProblem(() => {
      for (const [own, all] of readWordLists({ lists: new Map([[name, list]]) }, folder)) words.set(own, all);
    });
    const key = joinKey('keywords.lists', name);
    return problem ? [{ ...problem, key: list.file === undefined ? key : `${key}.file` }] : [];
  });
  if (problems.length > 0) return problems;
  const problem = wordProblem(() => checkWords(keywords, words));
  return problem ? [problem] : [];
}

/** What is thrown begins with the key of a list. */
function wordProblem(work: () => void): GuardProblem | undefined {
  try {
    work();
    return undefined;
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown;
    const [, key = 'keywords', message = thrown.message] = /^(keywords\.[^:]*): (.*)$/s.exec(thrown.message) ?? [];
    return { key, message };
  }
}

function exemptProblems(policy: GuardPolicySettings, around: GuardSurroundings): GuardProblem[] {
  const { pii, injection, keywords, judges } = policy;
  const guards = { pii, injection, keywords };
  const exempts = [
    ...Object.entries(guards).map(([name, guard]) => [name, guard?.exempt ?? []] as const),
    ...[...judges].map(([name, { exempt }]) => [around.joinKey('judges', name), exempt] as const),
  ];
  return exempts.flatMap(([key, exempt]) =>
    exempt.flatMap((target, at) => {
      const message = exemptProblem(target, around);
      return message === undefined ? [] : [{ key: `${key}.exempt[${at}]`, message }];
    }),
  );
}

function exemptProblem(target: string, { providers, suggestion }: GuardSurroundings): string | undefined {
  const slash = target.indexOf('/');
  if (slash < 1 || slash === target.length - 1) return 'no target; write provider/model, or provider/* for all of one';
  const provider = target.slice(0, slash);
  if (providers.includes(provider)) return undefined;
  return `there is no provider ${JSON.stringify(provider)}; ${suggestion(provider, providers, 'the providers are')}`;
}

function judgeProblems(name: string, judge: JudgeSettings, around: GuardSurroundings): GuardProblem[] {
  const key = around.joinKey('judges', name);
  const problems: GuardProblem[] = [];
  if (TAKEN.has(name)) problems.push({ key, message: 'the name of a guard of ours; choose another' });
  problems.push(...scorerProblems(judge, key, around));
  const { cascade } = judge;
  if (!cascade) return problems;
  problems.push(...scorerProblems(cascade.strong, `${key}.cascade.strong`, around));
  const { pass, block } = cascade;
  if (pass > block) {
    const message = `pass (${pass}) is above block (${block}), so that one text would be both; write a smaller one`;
    problems.push({ key: `${key}.cascade.pass`, message });
  }
  return problems;
}

type Scorer = Pick<JudgeSettings, 'target' | 'service' | 'as' | 'question'>;

function scorerProblems(scorer: Scorer, key: string, around: GuardSurroundings): GuardProblem[] {
  return [...serviceProblems(scorer, key, around), ...questionProblems(scorer, key)];
}

/** Only a chat model can be asked a question. */
function questionProblems({ target, as, question }: Scorer, key: string): GuardProblem[] {
  if (question === undefined) return [];
  const kind = target ? (as === 'auto' ? kindOf(target.model) : as) : 'service';
  if (kind === 'chat') return [];
  const whose = kind === 'service' ? 'a service' : `a judge that is asked as ${kind}`;
  const message = `${whose} is asked no question; remove it${target ? ', or write as: chat' : ''}`;
  return [{ key: `${key}.question`, message }];
}

function serviceProblems(
  { target, service }: Scorer,
  key: string,
  { services, suggestion }: GuardSurroundings,
): GuardProblem[] {
  if (service === undefined) return [];
  if (target) return [{ key: `${key}.service`, message: 'stands beside target; remove one of the two' }];
  if (services.includes(service)) return [];
  const known =
    services.length === 0 ? 'add it under guardServices' : suggestion(service, services, 'the services are');
  return [{ key: `${key}.service`, message: `there is no service ${JSON.stringify(service)}; ${known}` }];
}
