import { isLatin } from '../../../../core/texts/script.ts';
import { beginsWord, isDigit } from '../text/sight.ts';

const POINT = 0x2e;
const DASH = 0x2d;
const COMMA = 0x2c;
const UNDERSCORE = 0x5f;
const SPACE = 0x20;

const MONEY = /[$€£¥₹₩￥]$/;
const AMOUNT = /^ ?(?:元|块|万|亿|円|원|美元|人民币|%|USD|RMB|CNY|EUR|dollars)/;

/** An id or a number may be written at once behind a word of so many letters. */
const MOST_LETTERS = 6;

/**
 * What an edge is: `open` for a number by itself, `joined` where a dash or an underscore ties it to a word, `dashed` where
 * they tie it to a number, `lettered` where a short word stands at once before it, `inside` of something longer.
 */
export type Edge = 'open' | 'joined' | 'dashed' | 'lettered' | 'inside';

export function edgeBefore(text: string, start: number): Edge {
  if (start === 0) return 'open';
  if (!beginsWord(text, start)) return wordStart(text, start) < start ? 'lettered' : 'inside';
  const before = text.charCodeAt(start - 1);
  const further = text.charCodeAt(start - 2);
  const isTie = before === DASH || before === UNDERSCORE;
  if (isDigit(further)) {
    if (before === POINT) return 'inside';
    if (isTie) return 'dashed';
    // The last thousands of an amount.
    if (before === COMMA && !isDigit(text.charCodeAt(start + 3))) return 'inside';
  }
  return isTie && isLatin(further) ? 'joined' : 'open';
}

/** Where the short word begins that stands at once before a number; where the number does, if there is none. */
export function wordStart(text: string, start: number): number {
  let at = start;
  while (at > 0 && start - at <= MOST_LETTERS && isLatin(text.charCodeAt(at - 1))) at -= 1;
  return start - at > MOST_LETTERS || isDigit(text.charCodeAt(at - 1)) ? start : at;
}

export function edgeAfter(text: string, end: number): Edge {
  const after = text.charCodeAt(end);
  if (isDigit(after) || isLatin(after)) return 'inside';
  const isNumber = isDigit(text.charCodeAt(end + 1));
  if (after === POINT && isNumber) return 'inside';
  if ((after === DASH || after === UNDERSCORE) && isNumber) return 'dashed';
  return after === UNDERSCORE ? 'joined' : 'open';
}

/** Whether it is a sum of money or a share. */
export function isAmount(text: string, start: number, end: number): boolean {
  const before = text.charCodeAt(start - 1) === SPACE ? start - 1 : start;
  return MONEY.test(text.slice(before - 1, before)) || AMOUNT.test(text.slice(end, end + 8));
}
