const DIGITS: ReadonlyMap<string, number> = new Map(
  Array.from('零一二三四五六七八九')
    .map((digit, value) => [digit, value] as const)
    .concat([
      ['两', 2],
      ['〇', 0],
      ['半', 0.5],
    ]),
);
const POWERS: ReadonlyMap<string, number> = new Map([
  ['十', 10],
  ['百', 100],
  ['千', 1000],
  ['万', 10_000],
  ['亿', 100_000_000],
]);

/** Numerals count where something that is counted follows, as they are parts of common words elsewhere (一下, 万一). */
const COUNTED =
  /([零〇一二三四五六七八九十百千万亿两半]+)(?=[个天年月日号点秒次块元岁人件张条只名周位本台辆杯层楼倍米斤公吨度章节届期]|小时|分钟|星期|美元|欧元)/gu;
const IDLE = new Set(['一']);

/** The numbers that are written in Chinese. 一个 and the like say no more than an article does. */
export function chineseNumbers(text: string): number[] {
  return [...text.matchAll(COUNTED)]
    .map(([, numeral = '']) => numeral)
    .filter((numeral) => !IDLE.has(numeral))
    .map(valueOf);
}

function valueOf(numeral: string): number {
  let [total, section, digit] = [0, 0, 0];
  for (const character of numeral) {
    const power = POWERS.get(character);
    if (power === undefined) {
      digit = DIGITS.get(character) ?? 0;
    } else if (power >= 10_000) {
      total = (total + section + digit || 1) * power;
      [section, digit] = [0, 0];
    } else {
      section += (digit || 1) * power;
      digit = 0;
    }
  }
  return total + section + digit;
}
