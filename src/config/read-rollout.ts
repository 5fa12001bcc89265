import type { Config } from './config.ts';
import { checkTargetsOf } from './cross-checks.ts';
import { checkPolicyNames } from './guard-checks.ts';
import { ConfigError } from './problems.ts';
import { type Draft, TreeReader } from './read-tree.ts';
import { checkRollouts } from './rollout-checks.ts';
import { FILE_SCHEMA, type FileSettings, type RolloutOf, type RolloutSection } from './schema.ts';
import { YamlSource } from './yaml-source.ts';

/**
 * A flag, an experiment, a canary or a shadow, read from JSON as from the file; `${NAME}` is not expanded.
 * @throws ConfigError with every problem there is, their keys as in the file
 */
export function readRollout<Section extends RolloutSection>(
  section: Section,
  id: string,
  body: unknown,
  config: Pick<Config, 'models' | 'providers' | 'guards'>,
): RolloutOf<Section> {
  // JSON is YAML, and `$` at the beginning of a variable is written twice there.
  const text = JSON.stringify({ [section]: { [id]: body } }).replaceAll('${', () => '$${');
  const source = new YamlSource('request', text);
  const reader = new TreeReader(source, {});
  const draft = reader.readRoot(FILE_SCHEMA) as Draft<FileSettings> | undefined;
  if (draft) {
    checkTargetsOf(draft, reader, [...config.providers.keys()]);
    checkRollouts(draft, reader, [...config.models.keys()]);
    checkPolicyNames(draft, reader, [...config.guards.keys()]);
  }
  if (source.problems.length > 0) throw new ConfigError(source.problems);
  const read = (draft as FileSettings)[section].get(id);
  if (read === undefined) throw new Error('what was read is not there');
  return read as RolloutOf<Section>;
}
