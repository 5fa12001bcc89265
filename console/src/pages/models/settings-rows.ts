import { duration } from '../../format/numbers.ts';
import type { EffectiveValue, Model } from './wire.ts';

/** A setting as it holds, and where it was set. */
export interface SettingRow {
  readonly name: string;
  readonly value: string;
  /** Undefined where only what holds is known. */
  readonly origin: string | undefined;
  readonly line: number | null;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const SHARED = 'defaults.';

/** Of one model: its own, and those that it has from `defaults`. */
export function rowsOfConfig(effective: readonly EffectiveValue[], model: string): readonly SettingRow[] {
  const own = `models.${model}.`;
  const under = (prefix: string): SettingRow[] =>
    effective
      .filter(({ path }) => path.startsWith(prefix))
      .map(({ path, value, origin, line }) => ({
        name: path.slice(prefix.length),
        value: textOf(value),
        origin,
        line,
      }));
  const mine = under(own);
  const known = new Set(mine.map(({ name }) => name));
  const shared = under(SHARED).filter(({ name }) => !known.has(name));
  return [...mine, ...shared].toSorted((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
}

/** What the list of models says of it, for those who may not see the configuration. */
export function rowsOfModel({
  policy,
  timeouts,
  cache,
  prompt_cache: promptCache,
  ...model
}: Model): readonly SettingRow[] {
  const { guards, prompt_version: prompt, parameters, pass_through_credentials: pass } = model;
  const rest = { guards, prompt, pass_through_credentials: pass };
  return flat({ timeouts, ...policy, cache, prompt_cache: promptCache, parameters, ...rest }, '').map(
    ([name, value]) => ({
      name: name.replace(/_ms$/, ''),
      value: name.endsWith('_ms') && typeof value === 'number' ? duration(value) : textOf(value),
      origin: undefined,
      line: null,
    }),
  );
}

function flat(value: object, prefix: string): [string, unknown][] {
  return Object.entries(value).flatMap(([name, one]): [string, unknown][] => {
    if (one === null || one === undefined) return [];
    return typeof one === 'object' && !Array.isArray(one)
      ? flat(one, `${prefix}${name}.`)
      : [[`${prefix}${name}`, one]];
  });
}
