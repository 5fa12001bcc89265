/** A virtual model as causeway.yaml has it. */
export interface VirtualModel {
  readonly target: string;
  readonly [setting: string]: unknown;
}

/** Short enough for a drill, and long beside what a healthy target of it takes. */
const TIMEOUTS = { connect: '1s', firstToken: '2s', idle: '500ms', total: '20s' };
const QUEUE = { concurrency: 100 };
/** What one call to one target knows; the rest is what a drill is about. */
const BARE_TIMEOUTS = new Set(['connect', 'firstToken', 'idle']);

/** Fills in what a virtual model leaves open; with `bare`, takes away all that could save a request. */
export function virtualModels(
  models: Readonly<Record<string, VirtualModel>>,
  bare: boolean,
): Readonly<Record<string, object>> {
  const entries = Object.entries(models).map(([name, { timeouts = {}, ...model }]) => {
    const all = { ...TIMEOUTS, ...(timeouts as object) };
    if (!bare) return [name, { timeouts: all, queue: QUEUE, ...model }];
    const known = Object.entries(all).filter(([timeout]) => BARE_TIMEOUTS.has(timeout));
    return [name, { target: model.target, timeouts: Object.fromEntries(known) }];
  });
  return Object.fromEntries(entries) as Record<string, object>;
}
