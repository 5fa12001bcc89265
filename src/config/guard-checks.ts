import { guardProblems } from '../pipeline/guards/checks/settings.ts';
import type { GuardPolicySettings } from '../pipeline/guards/settings.ts';
import { joinKey } from './problems.ts';
import { type Draft, type TreeReader, isWhole } from './read-tree.ts';
import type { FileSettings } from './schema.ts';
import { suggestion } from './suggest.ts';

interface Surroundings {
  readonly providers: readonly string[];
  /** That of the configuration file, which paths begin at. */
  readonly folder: string;
}

/** What no single field of guards can know. A policy of which a field had a problem of its own is passed over. */
export function checkGuards(draft: Draft<FileSettings>, reader: TreeReader, { providers, folder }: Surroundings): void {
  const around = { services: [...(draft.guardServices?.keys() ?? [])], providers, folder, joinKey, suggestion };
  for (const [name, policy] of draft.guards ?? []) {
    if (!policy || !isWhole<GuardPolicySettings>(policy)) continue;
    const key = joinKey('guards', name);
    for (const problem of guardProblems(policy, around)) {
      reader.report(problem.key === '' ? key : `${key}.${problem.key}`, problem.message, key);
    }
  }
  const policies = [...(draft.guards?.keys() ?? [])];
  checkPolicyNames(draft, reader, policies);
  for (const [project, policy] of draft.guardedProjects ?? []) {
    checkName(joinKey('guardedProjects', project), policy, reader, policies);
  }
}

type Naming = Pick<Draft<FileSettings>, 'models' | 'defaults' | 'flags' | 'experiments' | 'canaries' | 'shadows'>;

/** Every policy that a model, or what is tried in its place, names is there: nothing would look otherwise. */
export function checkPolicyNames(draft: Naming, reader: TreeReader, policies: readonly string[]): void {
  for (const [key, settings] of namingIn(draft)) checkName(`${key}.guards`, settings?.guards, reader, policies);
}

type Settings = { readonly guards?: string | undefined } | undefined;

function* namingIn({ models, defaults, experiments, ...others }: Naming): Iterable<[key: string, settings: Settings]> {
  for (const [name, model] of models ?? []) yield [joinKey('models', name), model];
  yield ['defaults', defaults];
  for (const section of ['flags', 'canaries', 'shadows'] as const) {
    for (const [name, one] of others[section] ?? []) yield [`${joinKey(section, name)}.set`, one?.set];
  }
  for (const [name, one] of experiments ?? []) {
    for (const [arm, { set } = {}] of one?.arms ?? []) {
      yield [`${joinKey(`${joinKey('experiments', name)}.arms`, arm)}.set`, set];
    }
  }
}

function checkName(key: string, policy: string | undefined, reader: TreeReader, policies: readonly string[]): void {
  if (policy === undefined || policies.includes(policy)) return;
  const known = policies.length === 0 ? 'add it under guards' : suggestion(policy, policies, 'the policies are');
  reader.report(key, `there is no policy ${JSON.stringify(policy)}; ${known}`);
}
