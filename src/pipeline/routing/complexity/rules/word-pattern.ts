/**
 * One pattern for a list of words. Lists are ours and not a client's, and what repeats in them is bounded, so that the
 * time grows with the text alone.
 */
export function englishPattern(list: string): RegExp {
  const entries = entriesOf(list).map((entry) => entry.replaceAll(' * ', ' \\w{1,20} ').replaceAll('*', '\\w{0,20}'));
  return new RegExp(`(?<![\\w-])(?:${entries.join('|')})(?![\\w-])`, 'g');
}

export function chinesePattern(list: string): RegExp {
  return new RegExp(entriesOf(list).join('|'), 'gu');
}

/** The longer ones first, as the first that fits is taken. */
function entriesOf(list: string): string[] {
  const entries = list.split('|').map((entry) => entry.trim());
  return entries.filter((entry) => entry !== '').toSorted((one, other) => other.length - one.length);
}

/** How many different words of a list a text has, at most `most`. */
export function countDistinct(text: string, pattern: RegExp, most: number): number {
  const found = new Set<string>();
  for (const [word] of text.matchAll(pattern)) {
    found.add(word);
    if (found.size >= most) break;
  }
  return found.size;
}
