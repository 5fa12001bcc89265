import { type Static, Type } from 'typebox';

import { Flag, Int, Num, Text, Usd, list, named, section } from '../../config/fields.ts';
import type { Price } from './price.ts';

const rate = (description: string) => Type.Optional(Usd({ description: `Dollars per million ${description}.` }));

/** Dollars per million tokens; each says what holds where it is left out. */
const rateFields = {
  input: Type.Optional(
    Usd({
      description: 'Dollars per million input tokens that no other rate speaks of. Required but beside gpu.',
      examples: [0.25],
    }),
  ),
  output: Type.Optional(
    Usd({
      description: 'Dollars per million output tokens that no other rate speaks of. Required but beside gpu.',
      examples: [2],
    }),
  ),
  cacheRead: rate("input tokens read from the provider's prompt cache; as input where left out"),
  cacheWrite: rate("input tokens written to the provider's prompt cache; as input where left out"),
  cacheWrite1h: rate('of the same for a cache that lives an hour; as cacheWrite where left out'),
  reasoning: rate('reasoning tokens where they are priced apart; as output where left out'),
  audioInput: rate('tokens of audio in prompts; as input where left out'),
  audioCacheRead: rate('tokens of audio read from the prompt cache; as cacheRead where left out'),
  audioOutput: rate('tokens of audio in answers; as output where left out'),
  imageInput: rate('tokens of images in prompts; as input where left out'),
  imageOutput: rate('tokens of images in answers; as output where left out'),
  citation: rate('tokens of cited pages that are billed beside the prompt; free where left out'),
};

const fee = (description: string) => Type.Optional(Usd({ description: `Dollars per thousand ${description}.` }));

const FeesSettings = section(
  {
    request: fee('requests'),
    webSearch: fee('web searches that the provider runs; where it ran some and this is left out, the cost is unknown'),
    webFetch: fee('pages that the provider fetches'),
    searchUnit: fee('search units of a reranker; where they are not reported, the cost is unknown'),
    audioMinute: fee('minutes of audio that are transcribed; where they are not reported, the cost is unknown'),
    character: fee('characters that are spoken'),
    image: fee('images that are made, whatever their size; where they are not counted, the cost is unknown'),
  },
  { description: 'What is billed beside tokens.' },
);

const HoursSettings = section(
  {
    spans: list(
      list(Num({ description: 'An hour of the day.', minimum: 0, maximum: 24 }), { description: 'A span.' }),
      {
        description: 'From (included) to (excluded), in hours of the day: [[0.5, 8.5]].',
        minItems: 1,
      },
    ),
    utcOffset: Type.Optional(
      Num({
        description: "Hours that the provider's clock is ahead of UTC.",
        minimum: -14,
        maximum: 14,
        examples: [8],
      }),
    ),
    weekdays: Type.Optional(
      list(Int({ description: '1 = Monday.', minimum: 1, maximum: 7 }), {
        description: 'The days on which they hold, 1 = Monday to 7 = Sunday; every day where left out.',
        minItems: 1,
      }),
    ),
    except: Type.Optional(
      list(Text({ description: 'A day.' }), {
        description: 'Days that do not count, such as 2026-10-01.',
        minItems: 1,
      }),
    ),
  },
  { description: 'Hours at which another price is asked.' },
);

const WhenSettings = section(
  {
    inputAbove: Type.Optional(
      Int({ description: 'More input tokens than this, cached ones included.', minimum: 0, examples: [200_000] }),
    ),
    serviceTier: Type.Optional(Text({ description: 'Served on this tier.', examples: ['flex', 'priority'] })),
    batch: Type.Optional(Flag({ description: "true: sent through the provider's batch API." })),
    geo: Type.Optional(
      Text({
        description:
          'Computed in this place, as the provider names it; at Bedrock asked for in this region, at Vertex AI `regional`.',
        examples: ['us', 'eu-west-1'],
      }),
    ),
    speed: Type.Optional(Text({ description: 'Served at this speed.', examples: ['fast'] })),
    thinking: Type.Optional(Flag({ description: 'true: the model thought before it answered.' })),
    searchContext: Type.Optional(Text({ description: 'How much a built-in search reads.', examples: ['low', 'high'] })),
    hours: Type.Optional(HoursSettings),
  },
  { description: 'The variant holds where all of what stands here is so.' },
);

const VariantSettings = section(
  {
    when: WhenSettings,
    ...rateFields,
    factor: Type.Optional(
      Num({ description: 'Multiplies every rate but no fee: 0.5 for half the price.', minimum: 0, examples: [0.5] }),
    ),
    fees: Type.Optional(FeesSettings),
  },
  { description: 'Other rates for a part of the calls.' },
);

const GpuSettings = section(
  {
    hour: Usd({ description: 'Dollars for one GPU and one hour.', examples: [2.1] }),
    gpus: Type.Optional(Num({ description: 'GPUs that serve the model; 1 where left out.', minimum: 0 })),
    concurrency: Type.Optional(
      Num({ description: 'Calls that they serve at a time, on average; 1 where left out.', minimum: 0 }),
    ),
  },
  { description: 'Machines of your own: a call costs its duration × hour × gpus / concurrency, added to its tokens.' },
);

/** The numbers of a price, as causeway.yaml and documents of prices write them. */
export const priceFields = {
  ...rateFields,
  fees: Type.Optional(FeesSettings),
  variants: Type.Optional(
    list(VariantSettings, {
      description:
        'Other rates for a part of the calls. Those that hold apply in their order, a later one over an earlier.',
    }),
  ),
  gpu: Type.Optional(GpuSettings),
};

const PriceSettings = section(priceFields);

export type PriceSettings = Static<typeof PriceSettings>;

/** By `provider/model`. */
export const PricesSettings = named(PriceSettings, {
  description: 'Prices by provider/model, in dollars per million tokens. They add to and override the shipped table.',
  names: /^[^\s/]+\/\S+$/,
  namesAre: 'provider/model, e.g. openai/gpt-5-mini',
});

/** What was written, as the gateway counts with it. Check {@link priceProblems} first. */
export function priceOf({ input = 0, output = 0, ...settings }: PriceSettings): Omit<Price, 'version'> {
  // Spans are pairs and flags are true once they were checked.
  return { input, output, ...settings } as unknown as Omit<Price, 'version'>;
}

/** Something that no single field can know. */
export interface PriceProblem {
  /** Below the price: `variants[0].when.hours.spans[0]`; empty for the price as a whole. */
  readonly key: string;
  readonly message: string;
}

/** What is wrong with a price whose fields are each right. */
export function priceProblems(price: PriceSettings): PriceProblem[] {
  const missing = price.gpu ? [] : (['input', 'output'] as const).filter((field) => price[field] === undefined);
  const variants = (price.variants ?? []).flatMap((variant, at) => whenProblems(variant.when, `variants[${at}].when`));
  const isShared = price.gpu?.concurrency !== 0;
  return [
    ...missing.map((key) => ({ key, message: 'missing; write dollars per million tokens (0 where it is free)' })),
    ...variants,
    ...(isShared
      ? []
      : [{ key: 'gpu.concurrency', message: '0 calls at a time have no price; write a larger number' }]),
  ];
}

const DAY = /^\d{4}-\d\d-\d\d$/;

/** Whether a text is a day of the calendar: `2026-02-30` is none. */
export function isDay(text: string): boolean {
  const at = DAY.test(text) ? Date.parse(text) : Number.NaN;
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}

/** Documents may lack a `when`, which in causeway.yaml reads as an empty one. */
function whenProblems(when: Static<typeof WhenSettings> = {}, key: string): PriceProblem[] {
  const { hours, ...plain } = when;
  const isEmpty = Object.keys(when).length === 0;
  const flags = (['batch', 'thinking'] as const).filter((flag) => plain[flag] === false);
  const spans = (hours?.spans ?? []).flatMap(([from = 0, to = 0, ...more], at) =>
    from < to && more.length === 0 ? [] : [`hours.spans[${at}]`],
  );
  const days = (hours?.except ?? []).flatMap((day, at) => (isDay(day) ? [] : [`hours.except[${at}]`]));
  return [
    ...(isEmpty ? [{ key, message: 'says nothing; name what the variant is for, e.g. { batch: true }' }] : []),
    ...flags.map((flag) => ({ key: `${key}.${flag}`, message: 'write true, or leave it out' })),
    ...spans.map((span) => ({
      key: `${key}.${span}`,
      message: 'not a span; write [from, to], the earlier hour first',
    })),
    ...days.map((day) => ({ key: `${key}.${day}`, message: 'not a day; write one such as 2026-10-01' })),
  ];
}
