import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import * as fc from '../../../test/support/fast-check.ts';
import { csvHeader, csvLines } from './usage-csv.ts';
import type { UsageRow, UsageSums } from './usage-store.ts';

const SUMS: UsageSums = {
  requests: 3,
  inputTokens: 12,
  outputTokens: 0,
  cacheReadInputTokens: null,
  cacheCreationInputTokens: null,
  reasoningOutputTokens: 5,
  costNanoUsd: 20,
  costAssumedNanoUsd: 0,
  costUnknownRequests: 1,
};

const rowOf = (...group: (string | null)[]): UsageRow => ({ group, sums: SUMS, position: group });

/** Reads CSV as RFC 4180 says, field by field; undefined stands for an empty one without quotes. */
function parse(text: string): (string | undefined)[][] {
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y;
  const lines: (string | undefined)[][] = [[]];
  while (field.lastIndex < text.length) {
    const match = field.exec(text);
    assert.ok(match, 'this is no CSV');
    const [, quoted, bare, end] = match;
    lines.at(-1)?.push(quoted?.replaceAll('""', '"') ?? (bare === '' ? undefined : bare));
    if (end === '\r\n') lines.push([]);
  }
  return lines.slice(0, -1);
}

describe('usage as CSV', () => {
  test('has a header, and numbers as they are', () => {
    assert.equal(
      csvHeader(['user', 'day']),
      'user,day,requests,input_tokens,output_tokens,cached_tokens,cache_write_tokens,reasoning_tokens,cost_usd,cost_assumed_usd,cost_unknown_requests\r\n',
    );
    assert.equal(csvLines([rowOf('ada', '2026-11-21')]), 'ada,2026-11-21,3,12,0,,,5,0.00000002,0,1\r\n');
    const dear = { ...rowOf(), sums: { ...SUMS, costNanoUsd: 9_007_199_254_740_991 } };
    assert.match(csvLines([dear]), /,9007199\.254740991,/);
  });

  test('nobody and a name that is empty are two things', () => {
    assert.deepEqual(
      csvLines([rowOf(null, '')])
        .split(',')
        .slice(0, 2),
      ['', '""'],
    );
  });

  test('any names come back as they went in, but for those that a spreadsheet would compute', () => {
    const anyName = fc.option(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.string({ unit: fc.constantFrom('"', ',', '\r', '\n', 'a', '=', '-') }),
      ),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(anyName, anyName), { maxLength: 5 }), (groups) => {
        const parsed = parse(csvLines(groups.map((group) => rowOf(...group))));
        for (const [at, fields] of parsed.entries()) {
          assert.equal(fields.length, 11);
          for (const [index, value] of (groups[at] ?? []).entries()) {
            if (value === null) assert.equal(fields[index], undefined);
            else if (/^[=+\-@\t\r\n＝＋－＠]/.test(value)) assert.equal(fields[index], `'${value}`);
            else assert.equal(fields[index], value);
          }
        }
        assert.equal(parsed.length, groups.length);
      }),
    );
  });

  test('no field begins a formula', () => {
    const names = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '＝1', '=HYPERLINK("http://x","y")'];
    for (const name of names) assert.match(csvLines([rowOf(name)]), /^"'/);
  });
});
