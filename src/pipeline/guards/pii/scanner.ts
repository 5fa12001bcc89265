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
import { eachRun } from './numbers/runs.ts';
import { withoutOverlaps } from './overlaps.ts';
import { ownRecognisers } from './own/own-recognisers.ts';
import { PII_ENTITIES, type PiiEntity, type PiiSettings } from './settings.ts';
import { asItIs, plainView } from './text/plain-view.ts';
import { type Recogniser, Sight } from './text/sight.ts';
import { TRAIT, traitsOf } from './text/traits.ts';

/** Found only in part, and often needed by the model. */
const BY_REQUEST: ReadonlySet<PiiEntity> = new Set(['PERSON', 'ADDRESS']);

/** What takes little work, however long the text is. */
const BRIEF = TRAIT.run | TRAIT.url;

type Scanned = Pick<PiiSettings, 'entities' | 'except' | 'own' | 'region' | 'allow'>;

/**
 * Looks for personal data by its forms and checksums. Findings do not overlap.
 * @param traitsIn says of a text what it has that something may begin with
 * @throws RE2JSException where an own pattern is none, which the check of the configuration excludes
 */
export function piiScanner(settings: Scanned, traitsIn = traitsOf): Scanner {
  const entities = entitiesOf(settings);
  const own = ownRecognisers(settings.own);
  const recognisers = recognisersOf(entities, settings.region);
  if (own) recognisers.push({ traits: 0, recognise: own.recognise });
  const isBrief = own === undefined && !entities.has('ADDRESS') && !entities.has('PERSON');
  const allowed = new Set(settings.allow.map(allowedForm));
  const held = heldOf(entities);
  return {
    scan: (text) => scanWith({ recognisers, allowed, traitsIn }, text, traitsIn(text)),
    glance(text) {
      const traits = traitsIn(text);
      const isShort = isBrief && (traits & ~BRIEF) === 0;
      return isShort ? scanWith({ recognisers, allowed, traitsIn }, text, traits) : undefined;
    },
    held: (end) => Math.max(held(end), own?.held(end) ?? 0),
  };
}

function entitiesOf({ entities, except }: Scanned): ReadonlySet<PiiEntity> {
  const asked = entities.length > 0 ? entities : PII_ENTITIES.filter((entity) => !BY_REQUEST.has(entity));
  return new Set(asked.filter((entity) => !except.includes(entity)));
}

/** A recogniser, and what a text has in which it finds something: one of these traits; 0 where it may be any text. */
interface Hinted {
  readonly traits: number;
  readonly recognise: Recogniser;
}

function recognisersOf(entities: ReadonlySet<PiiEntity>, region: string): Hinted[] {
  const all: Hinted[] = [];
  const numbers = digitRecogniser(entities, region);
  if (numbers) all.push({ traits: TRAIT.run | TRAIT.broken, recognise: numbers });
  const codes = codeRecogniser(entities);
  if (codes) all.push({ traits: TRAIT.code | TRAIT.run, recognise: codes });
  const simple: readonly (readonly [PiiEntity, number, Recogniser])[] = [
    ['EMAIL', TRAIT.at, emailRecogniser],
    ['IP', TRAIT.ipv4 | TRAIT.ipv6, ipRecogniser],
    ['URL_CREDENTIALS', TRAIT.url, urlCredentialsRecogniser],
    ['SECRET', TRAIT.token | TRAIT.named | TRAIT.odd, secretRecogniser],
    ['PRIVATE_KEY', 0, privateKeyRecogniser],
    ['PLATE', TRAIT.han, plateRecogniser],
    ['ADDRESS', 0, addressRecogniser],
    ['PERSON', 0, personRecogniser],
  ];
  for (const [entity, traits, recognise] of simple) if (entities.has(entity)) all.push({ traits, recognise });
  return all;
}

/** Telephone numbers, and cards and ids of digits alone: the runs of digits are looked for once. */
function digitRecogniser(entities: ReadonlySet<PiiEntity>, region: string): Recogniser | undefined {
  const numbers = numberReader(entities);
  const phones = entities.has('PHONE') ? phoneReader(region) : undefined;
  if (!numbers && !phones) return undefined;
  return (sight) => {
    const readPhones = phones?.();
    eachRun(sight.text, (sight.traits & TRAIT.broken) !== 0, (run) => {
      numbers?.(sight, run);
      readPhones?.(sight, run);
    });
  };
}

interface Scanning {
  readonly recognisers: readonly Hinted[];
  readonly allowed: ReadonlySet<string>;
  readonly traitsIn: (text: string) => number;
}

function scanWith({ recognisers, allowed, traitsIn }: Scanning, text: string, given: number): Scan {
  const view = (given & TRAIT.odd) === 0 ? asItIs(text) : plainView(text);
  const sight = new Sight(view.text, view.text === text ? given : traitsIn(view.text));
  for (const { traits, recognise } of recognisers) {
    if (traits === 0 || (sight.traits & traits) !== 0) recognise(sight);
  }
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
