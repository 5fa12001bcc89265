import { canaryProblems, experimentProblems } from '../pipeline/rollouts/checks/settings.ts';
import { routeProblems } from '../pipeline/routing/checks/settings.ts';
import { joinKey } from './problems.ts';
import { type Draft, type TreeReader, isWhole } from './read-tree.ts';
import type { RouteSettings } from '../pipeline/routing/settings.ts';
import type { FileSettings, ModelSettings, RolloutOf, VariantSettings } from './schema.ts';
import { listed } from './suggest.ts';

type Drafts = Pick<Draft<FileSettings>, 'models' | 'flags' | 'experiments' | 'canaries' | 'shadows'>;

/** A part of the file, and what it says in place of a virtual model's own settings. */
interface Variant {
  readonly key: string;
  readonly set: Draft<VariantSettings> | undefined;
}

/** What no single field of routes, flags, experiments, canaries and shadows can know. */
export function checkRollouts(draft: Drafts, reader: TreeReader, models: readonly string[]): void {
  for (const [name, model] of draft.models ?? []) checkRoute(joinKey('models', name), model, reader);
  for (const { key, set } of variantsOf(draft)) checkVariant(key, set, reader);
  checkModels(draft, reader, models);
  for (const [name, experiment] of draft.experiments ?? []) {
    if (!experiment || !isWhole<RolloutOf<'experiments'>>(experiment)) continue;
    report(joinKey('experiments', name), experimentProblems(experiment), reader);
  }
  for (const [name, canary] of draft.canaries ?? []) {
    if (!canary || !isWhole<RolloutOf<'canaries'>>(canary)) continue;
    report(joinKey('canaries', name), canaryProblems(canary), reader);
  }
}

function report(key: string, problems: readonly { key: string; message: string }[], reader: TreeReader): void {
  for (const problem of problems) reader.report(`${key}.${problem.key}`, problem.message, key);
}

function checkRoute(key: string, model: Draft<ModelSettings> | Draft<VariantSettings> | undefined, reader: TreeReader) {
  if (!model?.route) return;
  if (model.target)
    reader.report(`${key}.target`, 'stands beside route, which names the targets; remove one of the two');
  if (isWhole<RouteSettings>(model.route)) report(`${key}.route`, routeProblems(model.route), reader);
}

function checkVariant(key: string, set: Variant['set'], reader: TreeReader): void {
  checkRoute(key, set, reader);
  if (set && Object.keys(set).length === 0 && !reader.hasProblems(key))
    reader.report(key, 'empty, so that nothing would be otherwise');
}

function* variantsOf({ flags, experiments, canaries, shadows }: Drafts): Iterable<Variant> {
  for (const [section, named] of Object.entries({ flags, canaries, shadows })) {
    for (const [name, one] of named ?? []) yield { key: `${joinKey(section, name)}.set`, set: one?.set };
  }
  for (const [name, one] of experiments ?? []) {
    for (const [arm, { set } = {}] of one?.arms ?? []) {
      if (set) yield { key: `${joinKey(joinKey(joinKey('experiments', name), 'arms'), arm)}.set`, set };
    }
  }
}

/** Each is about a virtual model, and a model has one experiment or canary at a time. */
function checkModels({ flags, experiments, canaries, shadows }: Drafts, reader: TreeReader, models: readonly string[]) {
  const there = new Set(models);
  const tried = new Map<string, string>();
  for (const [section, named] of Object.entries({ flags, experiments, canaries, shadows })) {
    for (const [name, one] of named ?? []) {
      if (one?.model === undefined) continue;
      const key = joinKey(section, name);
      if (!there.has(one.model)) {
        const known = models.length === 0 ? 'there are none' : `there are: ${listed(models)}`;
        reader.report(`${key}.model`, `there is no virtual model ${JSON.stringify(one.model)}; ${known}`);
      }
      if (section === 'flags' || section === 'shadows' || one.enabled !== true) continue;
      const other = tried.get(one.model);
      if (other === undefined) tried.set(one.model, key);
      else
        reader.report(
          `${key}.model`,
          `${other} tries something on this model already; one at a time, or neither is clear`,
        );
    }
  }
}
