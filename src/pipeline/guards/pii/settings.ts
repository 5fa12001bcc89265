import { type Static, Type } from 'typebox';

import { Flag, Text, choice, list, named, section } from '../../../config/fields.ts';
import { guardFields } from '../actions.ts';

/** Everything that is known by itself; each is the word in a mark such as `[PHONE_1]`. */
export const PII_ENTITIES = [
  'PHONE',
  'EMAIL',
  'RESIDENT_ID',
  'PASSPORT',
  'CARD',
  'IBAN',
  'SSN',
  'NATIONAL_ID',
  'DRIVER_LICENSE',
  'IP',
  'URL_CREDENTIALS',
  'SECRET',
  'PRIVATE_KEY',
  'PLATE',
  'ADDRESS',
  'PERSON',
] as const;
export type PiiEntity = (typeof PII_ENTITIES)[number];

/** Checks that an own recogniser may use. */
const PII_CHECKS = ['none', 'luhn', 'mod97', 'resident-id', 'verhoeff'] as const;

const OwnRecogniser = section(
  {
    pattern: Text({
      description:
        'A regular expression in the syntax of RE2: no look-around and no back references, so that no text makes it slow.',
      examples: ['EMP-\\d{6}'],
    }),
    check: choice(PII_CHECKS, { description: 'A check that what was found has to pass.', default: 'none' }),
    ignoreCase: Flag({ description: 'Capital and small letters are the same.', default: false }),
  },
  { description: 'An own kind of personal data.' },
);

export const PiiSettings = section(
  {
    ...guardFields({ actions: ['off', 'flag', 'redact', 'block', 'review'], input: 'redact', output: 'off' }),
    entities: list(choice(PII_ENTITIES, { description: 'A kind of personal data.' }), {
      description:
        'What is looked for. Empty: all but PERSON and ADDRESS, which rules find only in part and which models often need.',
    }),
    except: list(choice(PII_ENTITIES, { description: 'A kind of personal data.' }), {
      description: 'What is not looked for.',
    }),
    own: named(OwnRecogniser, {
      description: 'Own kinds of personal data; the name is the word in the mark.',
      names: /^[A-Z][A-Z0-9_]{0,30}$/,
      namesAre: 'words of capital letters, digits and underscores, e.g. EMPLOYEE',
    }),
    region: Text({
      description: 'Where phone numbers without a country are from, as two letters.',
      default: 'CN',
      examples: ['US'],
    }),
    reversible: Flag({
      description:
        'What was replaced in a request comes back in its answer, for the one who sent it. False: the mark stays.',
      default: true,
    }),
    allow: list(Text({ description: 'A text.', examples: ['support@example.com', '95588'] }), {
      description: 'Texts that are nobody’s secret, such as your own address.',
    }),
  },
  { description: 'Personal data: found by rules and checked by their checksums, without a model or a network.' },
);
export type PiiSettings = Static<typeof PiiSettings>;
export const piiField = { pii: Type.Optional(PiiSettings) };
