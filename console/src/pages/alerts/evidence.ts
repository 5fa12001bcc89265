const DIGITS = 4;
/** What says most, however it comes. */
const FIRST = ['rule', 'value', 'above', 'share', 'threshold'];

function placeOf(name: string): number {
  const place = FIRST.indexOf(name);
  return place === -1 ? FIRST.length : place;
}

/** The plain values of evidence, as names and texts; what is made of parts is left to whoever shows all of it. */
export function plainEvidence(evidence: unknown): readonly (readonly [name: string, value: string])[] {
  if (typeof evidence !== 'object' || evidence === null) return [];
  const entries = Object.entries(evidence).toSorted(([one], [other]) => placeOf(one) - placeOf(other));
  return entries.flatMap(([name, value]) => {
    const text = plainText(value);
    return text === undefined ? [] : [[name, text] as const];
  });
}

function plainText(value: unknown): string | undefined {
  if (typeof value === 'number') return String(Number.isInteger(value) ? value : Number(value.toPrecision(DIGITS)));
  if (typeof value === 'boolean') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** `rule errors · value 0.234 · above 0.1`. */
export function evidenceLine(evidence: unknown): string {
  return plainEvidence(evidence)
    .map(([name, value]) => `${name.replaceAll('_', ' ')} ${value}`)
    .join(' · ');
}

/** Ids of requests that show it. */
export function tracesOf(evidence: unknown): readonly string[] {
  if (typeof evidence !== 'object' || evidence === null) return [];
  const { traces, trace } = evidence as Readonly<Record<string, unknown>>;
  const all: unknown[] = [...(Array.isArray(traces) ? traces : []), trace];
  return all.filter((id) => typeof id === 'string' && id !== '').map(String);
}
