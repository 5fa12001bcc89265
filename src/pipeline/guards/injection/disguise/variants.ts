/** Another reading of a whole folded text. */
export interface Variant {
  readonly text: string;
  /** Where in the folded text the unit at this place stands. */
  place(at: number): number;
}

const LEET: Readonly<Record<string, string>> = {
  0: 'o',
  1: 'i',
  3: 'e',
  4: 'a',
  5: 's',
  7: 't',
  8: 'b',
  '@': 'a',
  $: 's',
  '!': 'i',
  '|': 'l',
  '€': 'e',
};

const sameLength = (text: string): Variant => ({ text, place: (at) => at });

/** Digits and symbols read as the letters that they look like. */
export function unleet(text: string): Variant {
  return sameLength(text.replaceAll(/[0134578@$!|€]/g, (char) => LEET[char] ?? char));
}

export function unrot13(text: string): Variant {
  return sameLength(rot13(text));
}

/** Of small letters. */
export function rot13(text: string): string {
  return text.replaceAll(/[a-z]/g, (char) => String.fromCharCode(((char.charCodeAt(0) - 97 + 13) % 26) + 97));
}

/** From its end to its beginning. */
export function reverse(text: string): Variant {
  const units = new Uint16Array(text.length);
  for (let at = 0; at < text.length; at++) units[text.length - 1 - at] = text.charCodeAt(at);
  return {
    text: Buffer.from(units.buffer).toString('utf16le'),
    place: (at) => Math.max(0, text.length - at),
  };
}

/** Words whose parts are kept apart by a dash (`i-nstruc-tion`) put together. */
export function rejoin(text: string): Variant {
  return without(text, /(?<=[a-z])- ?(?=[a-z])/g);
}

/** Chinese characters that are kept apart by spaces put together. */
export function closeUp(text: string): Variant {
  return without(text, /(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])/g);
}

function without(text: string, pattern: RegExp): Variant {
  const cuts: { readonly at: number; readonly kept: number }[] = [];
  let cut = 0;
  const joined = text.replaceAll(pattern, (part, at: number) => {
    cuts.push({ at: at - cut, kept: cut });
    cut += part.length;
    return '';
  });
  return { text: joined, place: (at) => at + cutBefore(cuts, at, cut) };
}

/** How much was cut out before a place of the joined text: found by halving, since there may be many cuts. */
function cutBefore(
  cuts: readonly { readonly at: number; readonly kept: number }[],
  place: number,
  all: number,
): number {
  let [low, high] = [0, cuts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((cuts[middle]?.at ?? 0) > place) high = middle;
    else low = middle + 1;
  }
  return cuts[low]?.kept ?? all;
}
