import { beginsWord, isDigit, isLatin } from '../text/sight.ts';

const POINT = 0x2e;
const DASH = 0x2d;
const COMMA = 0x2c;
const SLASH = 0x2f;
const UNDERSCORE = 0x5f;
const SPACE = 0x20;

const MONEY = /[$€£¥₹₩￥]$/;
const AMOUNT = /^ ?(?:元|块|万|亿|円|원|美元|人民币|%|USD|RMB|CNY|EUR|dollars)/;

/** What an edge is: `open` for a number by itself, `joined` where a dash or an underscore ties it to a word, `inside` of something longer. */
export type Edge = 'open' | 'joined' | 'inside';

export function edgeBefore(text: string, start: number): Edge {
  if (start === 0) return 'open';
  if (!beginsWord(text, start)) return 'inside';
  const before = text.charCodeAt(start - 1);
  const further = text.charCodeAt(start - 2);
  const isTie = before === DASH || before === UNDERSCORE;
  if (isDigit(further)) {
    if (before === POINT || isTie || before === SLASH) return 'inside';
    // The last thousands of an amount.
    if (before === COMMA && !isDigit(text.charCodeAt(start + 3))) return 'inside';
  }
  return isTie && isLatin(further) ? 'joined' : 'open';
}

export function edgeAfter(text: string, end: number): Edge {
  const after = text.charCodeAt(end);
  if (isDigit(after) || isLatin(after)) return 'inside';
  const isNumber = isDigit(text.charCodeAt(end + 1));
  if ((after === POINT || after === DASH || after === SLASH) && isNumber) return 'inside';
  return after === UNDERSCORE ? 'joined' : 'open';
}

/** Whether it is a sum of money or a share. */
export function isAmount(text: string, start: number, end: number): boolean {
  const before = text.charCodeAt(start - 1) === SPACE ? start - 1 : start;
  return MONEY.test(text.slice(before - 1, before)) || AMOUNT.test(text.slice(end, end + 8));
}
