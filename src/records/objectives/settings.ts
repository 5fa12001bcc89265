import { type Static, Type } from 'typebox';

import { Age, Duration, Num, section } from '../../config/fields.ts';

/** No more than 99.999 %: of less than one request in 100,000 no rate can be told. */
const MOST = 0.99999;

const share = (description: string) =>
  Num({ description, default: 0.95, minimum: 0.5, maximum: MOST, examples: [0.95, 0.99] });

const band = (what: string, example: string) =>
  Type.Optional(
    section(
      {
        below: Duration({ description: `The longest that ${what} should take.`, examples: [example] }),
        of: share('The share of the requests for which that should hold.'),
      },
      { description: `How long ${what} should take.` },
    ),
  );

/** What a virtual model should be like. Every part may be left out. */
export const ObjectiveSettings = section(
  {
    availability: Type.Optional(
      Num({
        description:
          'The share of the requests that should not fail by the fault of providers or of the gateway. What is the fault of the client, what a limit, a budget or a rule refuses, and what the client gave up does not count.',
        minimum: 0.5,
        maximum: MOST,
        examples: [0.999],
      }),
    ),
    latency: band('a whole answer', '10s'),
    ttft: band('the first content of a streamed answer', '2s'),
    costPer1kTokens: Type.Optional(
      Num({
        description: 'What 1,000 tokens (input and output) should cost on average at most, in dollars.',
        minimum: 0.000_001,
        examples: [0.01],
      }),
    ),
    window: Age({
      description:
        'The time over which the error budget is counted, at most 90 days. A process counts from its start; over several processes and restarts, Prometheus does.',
      default: '30d',
    }),
  },
  {
    description:
      'What the model should be like. GET /admin/v1/objectives and /metrics tell how it is, and events when its error budget is used up too fast.',
  },
);

export type ObjectiveSettings = Static<typeof ObjectiveSettings>;

/** What a virtual model may say of its objectives. */
export const objectiveFields = { objectives: Type.Optional(ObjectiveSettings) };
