import { readWordLists } from '../moderation/word-lists.ts';
import type { JudgeSettings } from '../moderation/settings.ts';
import { regionProblem } from '../pii/numbers/phones.ts';
import { SCANNING } from '../scan/scanning.ts';
import type { GuardPolicySettings } from '../settings.ts';
import { patternProblem } from '../validation/forbid.ts';

/** Something that no single field of a policy can know. */
interface GuardProblem {
  /** The field at fault: `validation.forbid.secret.pattern`. */
  readonly key: string;
  readonly message: string;
}

/** What else there is that policies may name. */
export interface GuardSurroundings {
  readonly services: readonly string[];
  readonly providers: readonly string[];
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
]);

/** What is wrong with a policy whose fields are each right. */
export function guardProblems(policy: GuardPolicySettings, around: GuardSurroundings): GuardProblem[] {
  const { joinKey } = around;
  return [
    ...patternProblems(policy.validation?.forbid, 'validation.forbid', joinKey),
    ...patternProblems(policy.pii?.own, 'pii.own', joinKey),
    ...regionProblems(policy.pii),
    ...wordProblems(policy.keywords, joinKey),
    ...exemptProblems(policy, around),
    ...[...policy.judges].flatMap(([name, judge]) => judgeProblems(name, judge, around)),
  ];
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

function wordProblems(keywords: GuardPolicySettings['keywords'], joinKey: Join): GuardProblem[] {
  return [...(keywords?.lists ?? [])].flatMap(([name, list]) => {
    const key = joinKey('keywords.lists', name);
    try {
      readWordLists({ lists: new Map([[name, list]]) });
      return [];
    } catch (thrown) {
      if (!(thrown instanceof RangeError)) throw thrown;
      // It begins with the key, which is said already.
      const message = thrown.message.replace(/^keywords\.lists\.[^:]*: /, '');
      return [{ key: list.file === undefined ? key : `${key}.file`, message }];
    }
  });
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

function scorerProblems(
  { target, service }: Pick<JudgeSettings, 'target' | 'service'>,
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
