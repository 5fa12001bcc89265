import { REDACTED, secretRules } from './redaction.ts';

/** From the first character to behind the last one. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Groups of a match that are no part of the secret, and what stands behind it, as a rule's replacement says. */
const KEPT = /^((?:\$\d)*)"?\[redacted\]"?(.*)$/;

/** Where what `redactSecrets` would take out stands in a text; what overlaps is one. */
export function secretSpans(text: string, only: 'all' | 'by-form' = 'all'): Span[] {
  const spans = secretRules(only, text).flatMap(({ pattern, replacement }) => {
    const [, groups = '', behind = ''] = KEPT.exec(replacement) ?? [];
    return [...text.matchAll(pattern)].map((match) => {
      const kept = [...groups.matchAll(/\$(\d)/g)].reduce((sum, [, at]) => sum + (match[Number(at)]?.length ?? 0), 0);
      return { start: match.index + kept, end: match.index + match[0].length - behind.length };
    });
  });
  return joinedSpans(spans.filter(({ start, end }) => end > start && text.slice(start, end) !== REDACTED));
}

/** In order, and none overlapping another. */
export function joinedSpans(spans: readonly Span[]): Span[] {
  const result: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.start - b.start)) {
    const last = result.at(-1);
    if (last && span.start < last.end) result[result.length - 1] = { ...last, end: Math.max(last.end, span.end) };
    else result.push(span);
  }
  return result;
}
