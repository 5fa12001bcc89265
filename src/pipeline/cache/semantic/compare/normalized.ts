/**
 * Numbers with their sign, point and percent; words; signs that mean something by themselves. White space and
 * punctuation only part them.
 */
const WORDS =
  /(?<![\p{L}\p{N}])[-+−]?\p{N}+(?:[.,:/]\p{N}+)*%?|\p{N}+(?:[.,:/]\p{N}+)*%?|[\p{L}\p{M}]+|[\p{Sc}\p{Sm}\p{So}]/gu;

/** What a text says but for its spelling: case, white space, punctuation and forms of characters. */
export function normalized(text: string): string {
  const plain = text.normalize('NFKC').toLowerCase();
  const words = plain.match(WORDS);
  return words ? words.join(' ') : plain.trim();
}
