/** The plain values of evidence, as names and texts; what is made of parts is left to whoever shows all of it. */
export function plainEvidence(evidence: unknown): readonly (readonly [name: string, value: string])[] {
  if (typeof evidence !== 'object' || evidence === null) return [];
  return Object.entries(evidence).flatMap(([name, value]) => {
    const text = plainText(value);
    return text === undefined ? [] : [[name, text] as const];
  });
}

function plainText(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Names of numbers that say nothing without a unit of their own come with it: `value 0.2 share`. */
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
