import { injectionScanner } from '../injection/scanner.ts';
import { keywordScanner } from '../moderation/keywords.ts';
import { piiScanner } from '../pii/scanner.ts';
import { forbidScanner } from '../validation/forbid.ts';
import type { Scanner } from './scanner.ts';
import { SCANNING, type ScannerSettings, type WordLists } from './scanning.ts';

/**
 * The scanners of a policy, by the name of the guard. The request thread and the scanning thread build them alike.
 * @throws where a pattern is none, which the check of the configuration excludes
 */
export function buildScanners(settings: ScannerSettings, words: WordLists): ReadonlyMap<string, Scanner> {
  const { pii, injection, keywords, validation } = settings;
  const scanners = new Map<string, Scanner>();
  if (pii) scanners.set(SCANNING.pii, piiScanner(pii));
  if (injection) scanners.set(SCANNING.injection, injectionScanner());
  if (keywords) scanners.set(SCANNING.keywords, keywordScanner(keywords, words));
  const forbidden = validation ? [...validation.forbid.values()] : [];
  if (validation && forbidden.length > 0) scanners.set(SCANNING.forbid, forbidScanner(validation, 'requests'));
  if (validation && forbidden.some(({ output }) => output)) {
    scanners.set(SCANNING.forbidOutput, forbidScanner(validation, 'answers'));
  }
  return scanners;
}
