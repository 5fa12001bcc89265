import { isRecord } from '../../format/is-record.ts';
import type { EffectiveValue, Model } from './wire.ts';

/** As `PUT /admin/v1/routes/:id` takes it. What the form does not know is kept. */
export type Route = Readonly<Record<string, unknown>>;

export interface RouteTarget {
  readonly target: string;
  readonly weight?: number;
  readonly quality?: number;
}

export function policyOf(route: Route): string {
  return typeof route['by'] === 'string' ? route['by'] : 'order';
}

export function stickyOf(route: Route): string {
  return typeof route['sticky'] === 'string' ? route['sticky'] : 'none';
}

export function targetsOf(route: Route): readonly RouteTarget[] {
  const { targets } = route;
  return Array.isArray(targets) ? targets.filter(isRecord).map((one) => ({ target: '', ...one })) : [];
}

/** Without what is not said, so that what is sent is what somebody would write. */
export function changed(route: Route, part: Route): Route {
  const merged: Route = { ...route, ...part };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== undefined));
}

export function changedTarget(route: Route, at: number, part: Partial<Record<keyof RouteTarget, unknown>>): Route {
  const targets = targetsOf(route).map((one, place) => (place === at ? changed({ ...one }, part) : one));
  return changed(route, { targets });
}

export function withoutTarget(route: Route, at: number): Route {
  return changed(route, { targets: targetsOf(route).filter((_, place) => place !== at) });
}

/** @throws SyntaxError, or an Error that says what is missing */
export function readRoute(text: string): Route {
  const value: unknown = JSON.parse(text);
  if (!isRecord(value)) throw new Error('{ … }');
  return value;
}

/** From what the list of models knows: its targets, how one is chosen, and the better model of a cascade. */
export function routeOfModel({ targets, route }: Pick<Model, 'targets' | 'route'>): Route {
  const first = targets.filter(({ role }) => role === 'route' || role === 'target');
  const weighs = route?.by === 'weight';
  const cascade = route?.cascade_to ?? null;
  return {
    by: route?.by ?? 'order',
    targets: first.map(({ target, weight }) => ({ target, ...(weighs && { weight: weight ?? 1 }) })),
    ...(route !== null && route.sticky !== 'none' && { sticky: route.sticky }),
    ...(cascade !== null && { cascade: { to: cascade, ...(route?.cascade_check && { check: route.cascade_check }) } }),
  };
}

/** Where a draft begins. The rules of a model stay, whatever is set, and so are left to the file. */
export function withoutRules(route: Route): Route {
  return changed(route, { rules: undefined });
}

const STEP = /[^.[\]]+/g;

/** The route that the file has for a model, put together from its values; undefined where it has none. */
export function routeOfFile(effective: readonly EffectiveValue[], model: string): Route | undefined {
  const prefix = `models.${model}.route.`;
  const written = effective.filter(({ path, origin }) => path.startsWith(prefix) && origin !== 'default');
  if (written.length === 0) return undefined;
  const root: Record<string, unknown> = {};
  for (const { path, value } of written) put(root, path.slice(prefix.length).match(STEP) ?? [], value);
  return listsIn(root) as Route;
}

function put(into: Record<string, unknown>, [name = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) {
    into[name] = value;
    return;
  }
  const inner = (into[name] ?? {}) as Record<string, unknown>;
  into[name] = inner;
  put(inner, rest, value);
}

/** `{0: a, 1: b}` is a list. */
function listsIn(value: unknown): unknown {
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).map(([name, one]) => [name, listsIn(one)] as const);
  return entries.every(([name], at) => name === String(at)) && entries.length > 0
    ? entries.map(([, one]) => one)
    : Object.fromEntries(entries);
}
