/** After these a point ends nothing. */
const ABBREVIATIONS = new Set(
  'mr mrs ms dr prof st jr sr vs etc e.g i.e no vol fig inc ltd co corp dept approx est jan feb mar apr jun jul aug sep sept oct nov dec'.split(
    ' ',
  ),
);
/** A text without points has no longer sentences. UTF-16 units. */
const MOST_CHARS = 2000;

/** The sentences of a text in English, Chinese and what is written alike, in order and without what is around them. */
export function sentencesOf(text: string): readonly string[] {
  const sentences: string[] = [];
  let start = 0;
  const cut = (end: number): void => {
    const sentence = text.slice(start, end).trim();
    if (sentence !== '') sentences.push(sentence);
    start = end;
  };
  for (let at = 0; at < text.length; at += 1) {
    if (endsAt(text, start, at) || at + 1 - start >= MOST_CHARS) cut(at + 1);
  }
  cut(text.length);
  return sentences;
}

function endsAt(text: string, start: number, at: number): boolean {
  switch (text[at]) {
    case '\n':
    case '。':
    case '！':
    case '？':
    case '；':
      return true;
    case '!':
    case '?':
      return isSpace(text[at + 1]);
    case '.':
      return isSpace(text[at + 1]) && !isAbbreviated(text, start, at);
    default:
      return false;
  }
}

function isSpace(sign: string | undefined): boolean {
  return sign === undefined || /[\s"'”’)\]]/.test(sign);
}

/** Of letters before a point: those of a title, or one alone as in `J. Smith`; of digits, a number in a list. */
function isAbbreviated(text: string, start: number, at: number): boolean {
  let from = at;
  while (from > start && at - from < 6 && !/\s/.test(text[from - 1] ?? '')) from -= 1;
  const word = text.slice(from, at).replace(/^[("'“‘[]+/, '');
  if (/^[A-Z]$/.test(word) || ABBREVIATIONS.has(word.toLowerCase())) return true;
  return /^\d{1,3}$/.test(word) && text.slice(start, from).trim() === '';
}
