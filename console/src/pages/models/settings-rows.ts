import { duration } from '../../format/numbers.ts';
import type { EffectiveValue, Model } from './wire.ts';

/** A setting as it holds, and where it was set. */
export interface SettingRow {
  readonly name: string;
  readonly value: string;
  /** Undefined where only what holds is known. */
  readonly origin: string | undefined;
  readonly line: number | null;
  /** Something else holds in its place. */
  readonly overridden: boolean;
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
        overridden: false,
      }));
  const mine = overriddenIn(under(own));
  const known = new Set(mine.map(({ name }) => name));
  const shared = under(SHARED).filter(({ name }) => !known.has(name));
  return [...mine, ...shared].toSorted(
    (a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }) || Number(a.overridden) - Number(b.overridden),
  );
}

const ROUTE = 'route';
const RULES = 'route.rules';

/** A route of the admin API stands in rows like those of the file, which it has taken the place of. */
function overriddenIn(rows: readonly SettingRow[]): readonly SettingRow[] {
  const other = rows.find(({ name, origin }) => name === ROUTE && origin === 'admin');
  const route = other === undefined ? undefined : routeIn(other.value);
  if (route === undefined) return rows;
  const set = leaves(route, ROUTE).map(([name, value]): SettingRow => ({
    name,
    value: textOf(value),
    origin: 'admin',
    line: null,
    overridden: false,
  }));
  const names = new Set(set.map(({ name }) => name));
  const kept = rows
    .filter((row) => row !== other)
    // Rules stay, whatever is set in place of the rest.
    .map((row) => (isOther(row) ? { ...row, overridden: true } : row))
    // A default holds where nothing is set.
    .filter(({ origin, name }) => origin !== 'default' || !names.has(name));
  return [...kept, ...set.filter(({ name }) => !isUnder(name, RULES))];
}

function isOther({ name, origin }: SettingRow): boolean {
  return origin !== 'default' && isUnder(name, ROUTE) && !isUnder(name, RULES);
}

function isUnder(name: string, parent: string): boolean {
  return name === parent || name.startsWith(`${parent}.`) || name.startsWith(`${parent}[`);
}

/** As it was written to the admin API: the settings of the model with the route in them. */
function routeIn(text: string): object | undefined {
  try {
    const written: unknown = JSON.parse(text);
    const route: unknown = typeof written === 'object' && written !== null && ROUTE in written ? written.route : null;
    return typeof route === 'object' && route !== null ? route : undefined;
  } catch {
    return undefined;
  }
}

/** Named as the configuration names its values: `route.targets[0].weight`. */
function leaves(value: object, path: string): [string, unknown][] {
  return Object.entries(value).flatMap(([name, one]: [string, unknown]): [string, unknown][] => {
    const at = Array.isArray(value) ? `${path}[${name}]` : `${path}.${name}`;
    return typeof one === 'object' && one !== null ? leaves(one, at) : [[at, one]];
  });
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
      overridden: false,
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
