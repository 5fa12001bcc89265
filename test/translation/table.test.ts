import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';

import { withTranslationTables } from '../../scripts/translation-docs.ts';
import { GatewayError } from '../../src/core/errors.ts';
import { FEATURES, type Feature } from '../../src/core/inference/features.ts';
import type { InferenceRequest, TranslationNote } from '../../src/core/inference/request.ts';
import type { Treatment } from '../../src/core/inference/translation.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { FieldRow } from '../../src/edge/dialects/field-table.ts';
import type { Capabilities } from '../../src/models/capabilities/capabilities.ts';
import { examplesOf } from '../support/crossing-examples.ts';
import { CROSSINGS, type Crossing } from '../support/crossings.ts';
import { PUT_IN_BEFORE } from '../support/responses-field-examples.ts';

interface Kept {
  readonly noted: readonly TranslationNote[];
  readonly fields: InferenceRequest['fields'];
}
type Seen = Kept | { readonly refused: GatewayError };

/** What becomes of a body: why it is refused, or what of it is lost and where its features stand. */
function see(crossing: Crossing, row: FieldRow, body: JsonObject, capabilities?: Capabilities): Seen {
  try {
    const request = crossing.decode(body);
    // What decoding does is the same for all targets, whatever else they make of the request.
    const { notes } = 'treatment' in row ? request : crossing.build(request, capabilities);
    return { noted: notes, fields: request.fields };
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'capability_unsupported') return { refused: error };
    throw error;
  }
}

/** The treatment of a row that a reader of the documentation is told: the worst of its features'. */
function treatmentOf(row: FieldRow, { table }: Crossing): Treatment {
  if ('treatment' in row) return row.treatment;
  const all = new Set(row.features.map((feature) => table[feature].treatment));
  return (['refused', 'approximated', 'mapped'] as const).find((one) => all.has(one)) ?? 'carried';
}

function assertRefused(seen: Seen, row: FieldRow, { table }: Crossing): void {
  assert.ok('refused' in seen, 'it was not refused');
  const { message, param } = seen.refused;
  assert.ok(param !== undefined && message.startsWith(`\`${param}\` `), message);
  const says = 'says' in row ? [row.says] : row.features.map((feature) => table[feature].says);
  assert.ok(
    says.some((words) => message.includes(words)),
    message,
  );
}

/** Notes that speak of the row. */
function losses({ noted, fields }: Kept, row: FieldRow): readonly TranslationNote[] {
  if ('treatment' in row) return noted.filter(({ says }) => says.endsWith(row.says));
  const places = new Set(row.features.map((feature) => fields[feature]));
  return noted.filter(({ field }) => places.has(field));
}

/** What a target asks for of every request, and so is no field's: who speaks first, or that tools are named. */
const RULES = ['messages', 'tools'];

/** Whatever the target loses is a feature that its table approximates. */
function assertByTheTable({ noted, fields }: Kept, { table }: Crossing): void {
  const places = new Set<string>(RULES);
  for (const [feature, place] of Object.entries(fields) as [Feature, string][]) {
    if (table[feature].treatment === 'approximated') places.add(place);
  }
  for (const { field, says } of noted) assert.ok(places.has(field), `${field} ${says}`);
}

for (const crossing of CROSSINGS) {
  const { base, examples, special, hasLosses } = examplesOf(crossing);
  describe(`promise 2: the table of ${crossing.from} clients with targets of ${crossing.to}`, () => {
    const rows = crossing.fields.filter(({ field }) => crossing.from !== 'responses' || !PUT_IN_BEFORE.has(field));
    for (const row of rows) {
      const treatment = treatmentOf(row, crossing);
      it(`${row.field} is ${treatment}`, () => {
        const { body = examples[row.field], capabilities } = special[row.field] ?? {};
        assert.ok(body, 'there is no example');
        const seen = see(crossing, row, { ...base, ...body }, capabilities);
        if (treatment === 'refused') {
          assertRefused(seen, row, crossing);
          return;
        }
        assert.ok('noted' in seen, 'refused' in seen ? seen.refused.message : '');
        if ('features' in row) assertByTheTable(seen, crossing);
        const lost = losses(seen, row);
        if (treatment === 'approximated' && 'features' in row && !hasLosses) return;
        assert.equal(lost.length > 0, treatment === 'approximated', JSON.stringify(seen.noted));
      });
    }

    it('has no example of a field that is not there', () => {
      const names = new Set(crossing.fields.map(({ field }) => field));
      assert.deepEqual(
        [...Object.keys(examples), ...Object.keys(special)].filter((name) => !names.has(name)),
        [],
      );
    });
  });
}

it('every feature is a field of a dialect', () => {
  const used = new Set(
    CROSSINGS.flatMap(({ fields }) => fields).flatMap((row) => ('features' in row ? row.features : [])),
  );
  assert.deepEqual(
    FEATURES.filter((feature) => !used.has(feature)),
    [],
  );
});

it('docs/translation.md shows the tables as they are', () => {
  const page = readFileSync(new URL('../../docs/translation.md', import.meta.url), 'utf8');
  assert.ok(withTranslationTables(page) === page, 'it has drifted from the code: npm run generate');
});
