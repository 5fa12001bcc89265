import assert from 'node:assert/strict';
import { it } from 'node:test';

import type { JsonObject } from '../../src/core/json.ts';
import type { Usage } from '../../src/core/usage.ts';
import { type Circumstances, costOf } from '../../src/models/pricing/cost.ts';
import type { Price } from '../../src/models/pricing/price.ts';

/** One call and what it has to cost. */
export interface Bill {
  readonly what: string;
  /** The provider's page that says how it is billed. */
  readonly source: string;
  readonly price: Price | undefined;
  readonly circumstances?: Circumstances;
  /**
   * By hand, in whole nano-dollars: tokens × nano-dollars a token (dollars per million × 1000).
   * `+ × ÷` of whole numbers, `= result`; or why nobody can tell.
   */
  readonly bill: string;
}

/** A bill with the body of the answer, as the provider sends it. */
export interface DocumentedBill extends Bill {
  readonly body: JsonObject;
}

export function itCosts(row: Bill, usage: () => Usage | undefined): void {
  it(`${row.what}: ${row.bill}`, () => {
    const read = usage();
    assert.ok(read, 'the answer carries usage');
    assert.equal(costOf(read, row.price, row.circumstances)?.nanoUsd, resultOf(row.bill));
  });
}

/** The number behind the `=`, after checking that the arithmetic before it makes it. */
function resultOf(bill: string): number | undefined {
  if (bill.startsWith('unknown')) return undefined;
  const [working = '', result = ''] = bill.split(' = ');
  assert.match(bill, /^[\d +×÷]+ = \d+$/);
  assert.equal(calculate(working), Number(result), 'the arithmetic of the row');
  return Number(result);
}

/** Sums of products of whole numbers, halves rounded up at the end. */
function calculate(working: string): number {
  let numerator = 0n;
  let denominator = 1n;
  for (const term of working.split(' + ')) {
    const [first = '', ...rest] = term.split(/ (?=[×÷])/);
    let over = BigInt(first);
    let under = 1n;
    for (const factor of rest) {
      if (factor.startsWith('×')) over *= BigInt(factor.slice(2));
      else under *= BigInt(factor.slice(2));
    }
    numerator = numerator * under + over * denominator;
    denominator *= under;
  }
  return Number((2n * numerator + denominator) / (2n * denominator));
}
