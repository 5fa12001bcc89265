import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';

import { isHeldOut } from '../split.ts';
import type { Sample, Span } from './spans.ts';

const FILE = new URL('../../../../shared/data/pii/spans.json', import.meta.url);

interface Row {
  readonly full_text: string;
  readonly spans: readonly {
    readonly entity_type: string;
    readonly entity_value: string;
    readonly start_position: number;
    readonly end_position: number;
  }[];
}

/** What the data calls what the guard calls otherwise. */
const NAMES: Readonly<Record<string, string>> = {
  EMAIL_ADDRESS: 'EMAIL',
  PHONE_NUMBER: 'PHONE',
  CREDIT_CARD: 'CARD',
  IBAN_CODE: 'IBAN',
  IP_ADDRESS: 'IP',
  US_SSN: 'SSN',
  US_DRIVER_LICENSE: 'DRIVER_LICENSE',
  STREET_ADDRESS: 'ADDRESS',
  PERSON: 'PERSON',
};

/** Whether a value has the form of its kind. Nothing here is the guard's: it says what counts, not how it is found. */
const VALID: Readonly<Record<string, (value: string) => boolean>> = {
  EMAIL: (value) => /^[\w.+-]+@[A-Za-z\d-]+(?:\.[A-Za-z\d-]+)+$/.test(value),
  CARD: (value) => /^\d{12,19}$/.test(value) && luhnSum(value) % 10 === 0,
  IBAN: (value) => ibanRest(value.replaceAll(' ', '')) === 1n,
  IP: (value) => isIP(value) !== 0,
  SSN: (value) => /^(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}$/.test(value),
  // E.164, or dialled with 00 before it.
  PHONE: (value) => /^(?:\+|00)\d{8,15}(?:x\d+)?$/.test(value.replaceAll(/[^\d+x]/g, '')),
};

function luhnSum(digits: string): number {
  let sum = 0;
  for (const [at, sign] of digits.split('').toReversed().entries()) {
    const doubled = Number(sign) * (at % 2 === 1 ? 2 : 1);
    sum += Math.floor(doubled / 10) + (doubled % 10);
  }
  return sum;
}

function ibanRest(value: string): bigint {
  if (!/^[A-Z]{2}\d{2}[A-Z\d]+$/.test(value)) return 0n;
  const turned = value.slice(4) + value.slice(0, 4);
  return (
    BigInt(
      turned
        .split('')
        .map((sign) => Number.parseInt(sign, 36))
        .join(''),
    ) % 97n
  );
}

/** The entities of which a rule can know the form. */
export const KNOWN = Object.keys(VALID);
/** Those of which it can know some, as words beside them tell. */
export const PARTLY = ['DRIVER_LICENSE', 'PERSON', 'ADDRESS'];

/** The texts of the half. What of a known entity is not valid stands apart, as telephone numbers without a country do. */
export function englishSamples(half: 'held out' | 'seen'): Sample[] {
  const rows = JSON.parse(readFileSync(FILE, 'utf8')) as readonly Row[];
  return rows
    .filter(({ full_text: text }) => isHeldOut(text) === (half === 'held out'))
    .map(({ full_text: text, spans }) => {
      const all = spans.flatMap((span): (Span & { readonly value: string })[] => {
        const entity = NAMES[span.entity_type];
        if (entity === undefined) return [];
        return [{ entity, start: span.start_position, end: span.end_position, value: span.entity_value }];
      });
      const isValid = ({ entity, value }: (typeof all)[number]): boolean => VALID[entity]?.(value) ?? true;
      return { text, gold: all.filter(isValid), apart: all.filter((one) => !isValid(one)) };
    });
}

/** The same texts, with what stood apart as what counts. */
export function apartOnly(samples: readonly Sample[]): Sample[] {
  return samples.map(({ text, gold, apart }) => ({ text, gold: apart, apart: gold }));
}
