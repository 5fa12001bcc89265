import type { Recogniser } from '../text/sight.ts';

/** What stands for each province on its plates. */
export const PLATE_PROVINCES = '京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼';
/**
 * A province, the letter of a city, and five signs (without I and O); six of new-energy cars, whose first or last is a
 * letter that tells how they are driven. Then cars of the police, of embassies, of learners, and from Hong Kong and Macao.
 *
 * @see GA 36-2018, with its change 1 (2026-11-22)
 */
const PLATE = new RegExp(
  String.raw`[${PLATE_PROVINCES}][A-HJ-NP-Z][ ·•・.-]?(?:[A-HJK]\d{5}|[A-HJK][A-HJ-NP-Z]\d{4}|\d{5}[A-HJK]|[A-HJ-NP-Z\d]{4}[A-HJ-NP-Z\d挂学警港澳领])(?![A-Za-z\d])|使\d{6}(?!\d)`,
  'gu',
);
const HAS_DIGITS = /\d.*\d/u;

/** Number plates of the mainland. */
export const plateRecogniser: Recogniser = (sight) => {
  for (const match of sight.text.matchAll(PLATE)) {
    const [plate] = match;
    if (HAS_DIGITS.test(plate)) sight.add(match.index, match.index + plate.length, 'PLATE', 0.9);
  }
};
