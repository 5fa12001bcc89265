/** What is the same however it is spaced, and in which letters. */
const SPACED: ReadonlySet<string> = new Set([
  'PHONE',
  'RESIDENT_ID',
  'PASSPORT',
  'CARD',
  'IBAN',
  'SSN',
  'NATIONAL_ID',
  'DRIVER_LICENSE',
  'PLATE',
]);

/** What two ways to write the same value have in common. */
export function normalForm(category: string, value: string): string {
  if (SPACED.has(category)) {
    return value
      .normalize('NFKC')
      .replaceAll(/[\s\-.()·\u2010-\u2015]/g, '')
      .toUpperCase();
  }
  return category === 'EMAIL' ? value.toLowerCase() : value;
}
