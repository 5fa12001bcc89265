/** What the audit log calls those who have no name of their own. */
const RESERVED = new Set(['admin key', 'file', 'command line', 'unknown']);

/** Whether a name reads like one of those in the audit log that no person has. */
export function isReservedName(name: string): boolean {
  const visible = name.normalize('NFKC').replaceAll(/[\p{Cf}\p{Mn}]/gu, '');
  return RESERVED.has(
    visible
      .replaceAll(/[\s\p{C}\p{P}]+/gu, ' ')
      .trim()
      .toLowerCase(),
  );
}
