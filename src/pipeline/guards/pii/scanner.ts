import { plainSigns } from '../../../core/texts/plain-signs.ts';
import { CLEAN, type Finding, type Scan, type Scanner } from '../scan/scanner.ts';
import { codeRecogniser } from './codes/codes.ts';
import { ipRecogniser } from './codes/ips.ts';
import { plateRecogniser } from './codes/plates.ts';
import { heldOf } from './held.ts';
import { emailRecogniser } from './keys/emails.ts';
import { privateKeyRecogniser } from './keys/private-keys.ts';
import { secretRecogniser } from './keys/secrets.ts';
import { urlCredentialsRecogniser } from './keys/url-credentials.ts';
import { addressRecogniser } from './names/addresses.ts';
import { personRecogniser } from './names/persons.ts';
import { numberReader } from './numbers/numbers.ts';
import { phoneReader } from './numbers/phones.ts';
import { runsOf } from './numbers/runs.ts';
import { withoutOverlaps } from './overlaps.ts';
import { ownRecognisers } from './own/own-recognisers.ts';
import { PII_ENTITIES, type PiiEntity, type PiiSettings } from './settings.ts';
import { plainView } from './text/plain-view.ts';
import { type Recogniser, Sight } from './text/sight.ts';

/** Found only in part, and often needed by the model. */
const BY_REQUEST: ReadonlySet<PiiEntity> = new Set(['PERSON', 'ADDRESS']);

type Scanned = Pick<PiiSettings, 'entities' | 'except' | 'own' | 'region' | 'allow'>;

/**
 * Looks for personal data by its forms and checksums. Findings do not overlap.
 * @throws RE2JSException where an own pattern is none, which the check of the configuration excludes
 */
export function piiScanner(settings: Scanned): Scanner {
  const entities = entitiesOf(settings);
  const own = ownRecognisers(settings.own);
  const recognisers = [...recognisersOf(entities, settings.region), ...(own ? [own.recognise] : [])];
  const allowed = new Set(settings.allow.map(allowedForm));
  const held = heldOf(entities);
  return {
    scan: (text) => scanWith(recognisers, allowed, text),
    held: (end) => Math.max(held(end), own?.held(end) ?? 0),
  };
}

function entitiesOf({ entities, except }: Scanned): ReadonlySet<PiiEntity> {
  const asked = entities.length > 0 ? entities : PII_ENTITIES.filter((entity) => !BY_REQUEST.has(entity));
  return new Set(asked.filter((entity) => !except.includes(entity)));
}

/** A recogniser, and what is in every text in which it finds something. */
interface Hinted {
  readonly hint: RegExp | string;
  readonly recognise: Recogniser;
}

const DIGITS = /\d/;

function recognisersOf(entities: ReadonlySet<PiiEntity>, region: string): Recogniser[] {
  const all: Hinted[] = [];
  const numbers = digitRecogniser(entities, region);
  if (numbers) all.push({ hint: DIGITS, recognise: numbers });
  const codes = codeRecogniser(entities);
  if (codes) all.push({ hint: DIGITS, recognise: codes });
  const simple: readonly (readonly [PiiEntity, RegExp | string, Recogniser])[] = [
    ['EMAIL', '@', emailRecogniser],
    ['IP', DIGITS, ipRecogniser],
    ['URL_CREDENTIALS', '://', urlCredentialsRecogniser],
    ['SECRET', '', secretRecogniser],
    ['PRIVATE_KEY', 'PRIVATE KEY', privateKeyRecogniser],
    ['PLATE', /[\u4E00-\u9FFF]/, plateRecogniser],
    ['ADDRESS', DIGITS, addressRecogniser],
    ['PERSON', '', personRecogniser],
  ];
  for (const [entity, hint, recognise] of simple) if (entities.has(entity)) all.push({ hint, recognise });
  return all.map(({ hint, recognise }): Recogniser => (sight) => {
    if (typeof hint === 'string' ? sight.text.includes(hint) : hint.test(sight.text)) recognise(sight);
  });
}

/** Telephone numbers, and cards and ids of digits alone: the runs of digits are looked for once. */
function digitRecogniser(entities: ReadonlySet<PiiEntity>, region: string): Recogniser | undefined {
  const numbers = numberReader(entities);
  const phones = entities.has('PHONE') ? phoneReader(region) : undefined;
  if (!numbers && !phones) return undefined;
  return (sight) => {
    const readPhones = phones?.();
    for (const run of runsOf(sight.text)) {
      numbers?.(sight, run);
      readPhones?.(sight, run);
    }
  };
}

function scanWith(recognisers: readonly Recogniser[], allowed: ReadonlySet<string>, text: string): Scan {
  const view = plainView(text);
  const sight = new Sight(view.text);
  for (const recognise of recognisers) recognise(sight);
  if (sight.found.length === 0) return CLEAN;
  const findings: Finding[] = [];
  let score = 0;
  for (const found of withoutOverlaps(sight.found, view.text.length)) {
    if (allowed.size > 0 && allowed.has(allowedForm(view.text.slice(found.start, found.end)))) continue;
    const { category } = found;
    findings.push({ start: view.startOf(found.start), end: view.endOf(found.end), category, score: found.score });
    score = Math.max(score, found.score);
  }
  return findings.length === 0 ? CLEAN : { score, findings };
}

const HAS_LETTER = /\p{L}/u;

/** However it is written: numbers without what stands between their digits. */
function allowedForm(text: string): string {
  const plain = plainSigns(text).trim().toLowerCase();
  return HAS_LETTER.test(plain) ? plain : plain.replaceAll(/[\s().-]/g, '');
}
