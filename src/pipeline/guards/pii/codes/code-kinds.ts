import { isCodiceFiscale, isHkid, isNie, isNric, isTaiwanId } from '../checks/national-ids.ts';
import type { PiiEntity } from '../settings.ts';
import type { ContextKind } from '../text/context-words.ts';

/** A number that begins with letters. */
export interface CodeKind {
  readonly entity: PiiEntity;
  /** Sticky. */
  readonly form: RegExp;
  /** Of the signs alone, without spaces, dashes and brackets. */
  readonly check?: (signs: string) => boolean;
  /** How sure it is without a word near it; 0: it is none. */
  readonly alone: number;
  readonly word: ContextKind;
  /** With the word near it; 0.9 where it is left out. */
  readonly named?: number;
}

export const CODE_KINDS: readonly CodeKind[] = [
  { entity: 'NATIONAL_ID', form: /[A-Z]{1,2}\d{6} ?\([\dA]\)/y, check: isHkid, alone: 0.9, word: 'hkid' },
  { entity: 'NATIONAL_ID', form: /[A-Z]{1,2}\d{6}-?[\dA](?![-\d])/y, check: isHkid, alone: 0, word: 'hkid' },
  { entity: 'NATIONAL_ID', form: /[A-Z][1289]\d{8}/y, check: isTaiwanId, alone: 0.75, word: 'twid' },
  { entity: 'NATIONAL_ID', form: /[A-Z]{3}[ABCFGHJLPT][A-Z]\d{4}[A-Z]/y, alone: 0.75, word: 'pan' },
  {
    entity: 'NATIONAL_ID',
    form: /(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d\d ?\d\d ?\d\d ?[A-D]/y,
    alone: 0.75,
    word: 'nino',
  },
  { entity: 'NATIONAL_ID', form: /[XYZ]-?\d{7}-?[A-Z]/y, check: isNie, alone: 0.8, word: 'dni' },
  {
    entity: 'NATIONAL_ID',
    form: /[A-Z]{6}[\dLMNP-V]{2}[A-EHLMPRST][\dLMNP-V]{2}[A-Z][\dLMNP-V]{3}[A-Z]/y,
    check: isCodiceFiscale,
    alone: 0.95,
    word: 'cf',
  },
  { entity: 'NATIONAL_ID', form: /[STFGM]\d{7}[A-Z]/y, check: isNric, alone: 0.9, word: 'nric' },
  // The mainland's: ordinary (E, G, P), official and diplomatic.
  { entity: 'PASSPORT', form: /(?:E[A-HJ-NP-Z\d]\d{7}|[GDSP]\d{8}|[DSP]E\d{7})/y, alone: 0, word: 'passport' },
  { entity: 'PASSPORT', form: /(?:E[A-HJ-NP-Z]\d{7}|[EG]\d{8})/y, alone: 0.6, word: 'passport' },
  // Permits for Hong Kong, Macao and Taiwan, and what other countries give out.
  { entity: 'PASSPORT', form: /[A-Z]{1,3}\d{6,10}/y, alone: 0, word: 'passport', named: 0.8 },
  { entity: 'PASSPORT', form: /\d{2}[A-Z]{2}\d{5}/y, alone: 0, word: 'passport', named: 0.8 },
  {
    entity: 'DRIVER_LICENSE',
    form: /[A-Z]{1,3}[- ]?\d{2,4}(?:-?\d{3,5}){1,3}/y,
    alone: 0,
    word: 'licence',
    named: 0.7,
  },
  { entity: 'DRIVER_LICENSE', form: /[A-Z]{1,5}\d{3}[A-Z\d]{3,8}/y, alone: 0, word: 'licence', named: 0.6 },
];
