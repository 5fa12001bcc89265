import { type Static, Type } from 'typebox';
import { Errors } from 'typebox/value';

import { Text, section } from '../../config/fields.ts';
import { isJsonObject } from '../../core/json.ts';
import type { PriceRow } from './price-row.ts';
import { isDay, priceFields, priceOf, priceProblems } from './settings.ts';

/** One row, as documents of prices write it: who, from when, says who, and the numbers as in causeway.yaml. */
const RowSettings = section({
  family: Text({ description: 'A preset or provider type: openai, deepseek.' }),
  model: Text({ description: "The model's name at its provider." }),
  from: Text({ description: 'The day of UTC from which the price holds, 2026-03-31.' }),
  source: Text({ description: 'The page that says so.' }),
  checked: Type.Optional(Text({ description: 'The day on which that page was read; today where left out.' })),
  ...priceFields,
});

/** What `causeway prices list --json` says beside a row; a document that is fed back may have it. */
const SHOWN_BESIDE = new Set(['origin', 'version', 'inForce']);

/** Longer documents are refused unread. */
export const MAX_DOCUMENT_BYTES = 5 * 1024 * 1024;
const MAX_FAULTS = 20;
const MAX_NAME_CHARS = 200;
const MAX_SOURCE_CHARS = 2000;

export interface DocumentFault {
  /** `prices[3].input`; empty for the document as a whole. */
  readonly key: string;
  readonly message: string;
}

/** A document of prices that cannot be used; `faults` are its first ones. */
export class PriceDocumentError extends Error {
  override readonly name = 'PriceDocumentError';
  readonly faults: readonly DocumentFault[];

  constructor(faults: readonly DocumentFault[]) {
    super(faults.map(({ key, message }) => (key === '' ? message : `${key}: ${message}`)).join('\n'));
    this.faults = faults;
  }
}

export interface PriceDocument {
  readonly rows: readonly PriceRow[];
  /** Rows of causeway.yaml that an exported document has: they belong there and are passed over. */
  readonly fromConfig: number;
}

/**
 * Reads `{ prices: [ { family, model, from, source, input, output, … } ] }`.
 * @param today the day that rows without `checked` were checked on
 * @throws PriceDocumentError with the row and field of each fault
 */
export function readPriceDocument(document: unknown, today: string): PriceDocument {
  const given = isJsonObject(document) ? document['prices'] : undefined;
  if (!Array.isArray(given)) {
    throw new PriceDocumentError([{ key: '', message: 'the document is not { "prices": [ … ] }' }]);
  }
  const faults: DocumentFault[] = [];
  const rows: PriceRow[] = [];
  const seen = new Map<string, number>();
  let fromConfig = 0;
  for (const [at, value] of given.entries()) {
    if (faults.length >= MAX_FAULTS) break;
    if (isJsonObject(value) && value['origin'] === 'config') {
      fromConfig += 1;
      continue;
    }
    const row = readRow(value, at, today, faults);
    if (!row) continue;
    const key = `${row.family}/${row.model}@${row.from}`;
    const earlier = seen.get(key);
    if (earlier === undefined) seen.set(key, at);
    else faults.push({ key: `prices[${at}]`, message: `${key} stands at prices[${earlier}] already; keep one` });
    rows.push(row);
  }
  if (faults.length > 0) throw new PriceDocumentError(faults.slice(0, MAX_FAULTS));
  return { rows, fromConfig };
}

type RowSettings = Static<typeof RowSettings>;

function readRow(value: unknown, at: number, today: string, faults: DocumentFault[]): PriceRow | undefined {
  const plain = isJsonObject(value)
    ? Object.fromEntries(Object.entries(value).filter(([name]) => !SHOWN_BESIDE.has(name)))
    : value;
  const key = `prices[${at}]`;
  const shapeFaults = Errors(RowSettings, plain).flatMap((error) => faultOf(error, key));
  if (shapeFaults.length > 0) {
    faults.push(...shapeFaults);
    return undefined;
  }
  const { family, model, from, source, checked = today, ...price } = plain as RowSettings;
  const rowFaults = [...headProblems({ family, model, from, source, checked }), ...priceProblems(price)];
  faults.push(...rowFaults.map((fault) => ({ ...fault, key: fault.key === '' ? key : `${key}.${fault.key}` })));
  return rowFaults.length > 0 ? undefined : { family, model, from, source, checked, ...priceOf(price) };
}

type Head = Pick<PriceRow, 'family' | 'model' | 'from' | 'source' | 'checked'>;

function headProblems({ family, model, from, source, checked }: Head): DocumentFault[] {
  const day = 'not a day; write one such as 2026-03-31';
  return [
    ...(isName(family, /^[^\s/\p{C}]+$/u) ? [] : [{ key: 'family', message: 'not a preset or provider type' }]),
    ...(isName(model, /^[^\s\p{C}]+$/u) ? [] : [{ key: 'model', message: "not a model's name" }]),
    ...(isDay(from) ? [] : [{ key: 'from', message: day }]),
    ...(isDay(checked) ? [] : [{ key: 'checked', message: day }]),
    ...(/^\P{C}+$/u.test(source) && source.length <= MAX_SOURCE_CHARS
      ? []
      : [{ key: 'source', message: `not one line of at most ${MAX_SOURCE_CHARS} characters` }]),
  ];
}

function isName(text: string, pattern: RegExp): boolean {
  return pattern.test(text) && text.length <= MAX_NAME_CHARS;
}

interface ShapeError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly params: object;
  readonly message: string;
}

/** `/variants/0/when` → `prices[3].variants[0].when`; a key too many is told once. */
function faultOf({ keyword, instancePath, params, message }: ShapeError, row: string): DocumentFault[] {
  if (keyword === 'additionalProperties') return [];
  const inside = instancePath.split('/').slice(1);
  const key = inside.reduce((path, part) => (/^\d+$/.test(part) ? `${path}[${part}]` : `${path}.${part}`), row);
  if (keyword === 'boolean') return [{ key, message: 'unknown key; remove it' }];
  if (keyword !== 'required') return [{ key, message }];
  const missing = (params as { requiredProperties?: readonly string[] }).requiredProperties ?? [];
  return missing.map((name) => ({ key: `${key}.${name}`, message: 'missing' }));
}
