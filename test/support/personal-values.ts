import * as fc from './fast-check.ts';

const digits = (count: number): fc.Arbitrary<string> =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: count, maxLength: count }).map((all) => all.join(''));

/** The digit that makes a number of a card valid. */
function withLuhn(number: string): string {
  const sum = Array.from(number)
    .toReversed()
    .reduce((all, digit, at) => {
      const doubled = Number(digit) * (at % 2 === 0 ? 2 : 1);
      return all + (doubled > 9 ? doubled - 9 : doubled);
    }, 0);
  return `${number}${(10 - (sum % 10)) % 10}`;
}

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** The last sign of a Chinese resident's number. */
function withCheck(number: string): string {
  const sum = Array.from(number).reduce((all, digit, at) => all + Number(digit) * (WEIGHTS[at] ?? 0), 0);
  return `${number}${'10X98765432'.charAt(sum % 11)}`;
}

const phone = fc.tuple(fc.constantFrom('138', '139', '150', '186'), digits(8)).map((parts) => parts.join(''));
const international = phone.map((number) => `+86 ${number.slice(0, 3)} ${number.slice(3, 7)} ${number.slice(7)}`);
const email = fc
  .tuple(fc.constantFrom('ada.l', 'li_wei', 'Bob+shop'), fc.nat(99_999), fc.constantFrom('example.com', 'mail.cn'))
  .map(([name, number, domain]) => `${name}${number}@${domain}`);
const card = digits(11).map((rest) => withLuhn(`4532${rest}`));
const spacedCard = card.map((number) => number.replaceAll(/.{4}(?=.)/g, '$& '));
const resident = fc
  .tuple(fc.constantFrom('110101', '310104', '440305'), fc.integer({ min: 1950, max: 2005 }), digits(3))
  .map(([region, year, rest]) => withCheck(`${region}${year}0815${rest}`));

/** Values that rules know for certain, in the forms in which people write them. */
export const personalValue: fc.Arbitrary<string> = fc.oneof(phone, international, email, card, spacedCard, resident);
