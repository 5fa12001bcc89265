import { type Static, type TSchema, Type } from 'typebox';

import { nanoToUsd } from '../../core/money.ts';
import { type ComparedGroup, type ComparisonGroup } from './comparison.ts';
import type { MissingPrice } from './price-desk.ts';

/** The shapes that the admin API and `--json` answer with. */

const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

export const PriceView = Type.Object(
  {
    family: Type.String({ description: "A preset or provider type; of causeway.yaml's prices the provider's name" }),
    model: Type.String(),
    from: Type.Optional(Type.String({ description: 'The day of UTC from which it holds' })),
    source: Type.String(),
    checked: Type.Optional(Type.String()),
    origin: Type.String({ description: 'list (shipped), stored, or config (causeway.yaml)' }),
    version: Type.String({ description: 'Names it on every attempt that it settled' }),
    inForce: Type.Boolean({ description: 'Whether it holds now' }),
  },
  { description: 'Beside these the rates, fees, variants and gpu as in causeway.yaml', additionalProperties: true },
);

export const MissingPriceView = Type.Object({
  target: Type.String({ description: 'provider/model' }),
  requests: Type.Integer({ description: 'That have an attempt of unknown cost there' }),
  requests_with_price: Type.Integer({
    description: 'Of these, the ones that had a price, which could not tell for what was used or how it was served',
  }),
  tokens: Type.Object({ input: orNull(Type.Number()), output: orNull(Type.Number()) }),
  last_seen: Type.String({ description: 'RFC 3339' }),
  priced_today: Type.Boolean({ description: 'A price for it is known now' }),
});

export type MissingPriceView = Static<typeof MissingPriceView>;

export function missingView(missing: MissingPrice): MissingPriceView {
  return {
    target: missing.target,
    requests: missing.requests,
    requests_with_price: missing.requestsWithPrice,
    tokens: { input: missing.inputTokens, output: missing.outputTokens },
    last_seen: missing.lastSeen.toISOString(),
    priced_today: missing.pricedToday,
  };
}

const Dollars = (description: string) => Type.Number({ description });

export const ComparisonView = Type.Object(
  {
    requests: Type.Integer(),
    attempts: Type.Integer(),
    booked_usd: Dollars('Of the attempts whose cost was known when they were made'),
    repriced_usd: Dollars('Of the attempts that can be priced again'),
    difference_usd: Dollars('Repriced less booked, of the attempts that have both'),
    unbooked_attempts: Type.Integer({ description: 'Whose cost was unknown when they were made' }),
    newly_priced_usd: Dollars('The part of repriced_usd that is of such attempts'),
    unpriced_attempts: Type.Integer({ description: 'That cannot be priced again' }),
    unpriced_booked_usd: Dollars('The part of booked_usd that is of such attempts'),
  },
  { description: 'Preceded by what it is grouped by, e.g. `target`', additionalProperties: true },
);

export type ComparisonView = Static<typeof ComparisonView>;

export function comparisonView(by: readonly ComparisonGroup[], { group, sums }: ComparedGroup): ComparisonView {
  return {
    ...Object.fromEntries(by.map((name, at) => [name, group[at] ?? null])),
    requests: sums.requests,
    attempts: sums.attempts,
    booked_usd: nanoToUsd(sums.booked),
    repriced_usd: nanoToUsd(sums.repriced),
    difference_usd: nanoToUsd(sums.difference),
    unbooked_attempts: sums.unbookedAttempts,
    newly_priced_usd: nanoToUsd(sums.newlyPriced),
    unpriced_attempts: sums.unpricedAttempts,
    unpriced_booked_usd: nanoToUsd(sums.unpricedBooked),
  };
}
