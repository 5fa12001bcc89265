/** Fields of a price that have an input of their own; all others can be written as JSON. */
export const PRICE_NUMBERS = ['input', 'output', 'cacheRead', 'cacheWrite', 'reasoning'] as const;
type PriceNumber = (typeof PRICE_NUMBERS)[number];

/** A price as it is typed. */
export interface PriceDraft extends Readonly<Record<PriceNumber, string>> {
  readonly family: string;
  readonly model: string;
  readonly from: string;
  readonly source: string;
  /** A JSON object of further fields: fees, variants, gpu. */
  readonly more: string;
}

export type PriceField = keyof PriceDraft;

/** `lab/acme/large` → the provider `lab` and the model `acme/large`. */
export function partsOfTarget(target: string): { readonly provider: string; readonly model: string } {
  const slash = target.indexOf('/');
  return slash < 0
    ? { provider: '', model: target }
    : { provider: target.slice(0, slash), model: target.slice(slash + 1) };
}

export function newPrice(family: string, model: string, today: string): PriceDraft {
  return {
    family,
    model,
    from: today,
    source: '',
    input: '',
    output: '',
    cacheRead: '',
    cacheWrite: '',
    reasoning: '',
    more: '',
  };
}

function moreOf(text: string): Readonly<Record<string, unknown>> | undefined {
  if (text.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** Fields that could not even be sent. */
export function unreadablePrice(draft: PriceDraft): PriceField[] {
  const numbers = PRICE_NUMBERS.filter((field) => draft[field].trim() !== '' && !(Number(draft[field]) >= 0));
  return moreOf(draft.more) === undefined ? [...numbers, 'more'] : numbers;
}

/** A row of a document of prices. */
export function priceRowOf(draft: PriceDraft): Readonly<Record<string, unknown>> {
  const rates = PRICE_NUMBERS.flatMap((field) => (draft[field].trim() === '' ? [] : [[field, Number(draft[field])]]));
  return {
    ...moreOf(draft.more),
    family: draft.family.trim(),
    model: draft.model.trim(),
    from: draft.from,
    source: draft.source.trim(),
    ...(Object.fromEntries(rates) as Record<string, number>),
  };
}

/** `prices[0].variants[1].factor` is written as JSON, `prices[0].input` has a field of its own. */
export function priceFieldAt(param: string | undefined, draft: PriceDraft): PriceField | undefined {
  const [, name] = /^prices\[0\]\.([A-Za-z0-9]+)/.exec(param ?? '') ?? [];
  if (name === undefined) return undefined;
  return Object.hasOwn(draft, name) ? (name as PriceField) : 'more';
}
