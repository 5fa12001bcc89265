import { type Static, Type } from 'typebox';

import { Age, Duration, Flag, Int, NetworkRef, Num, Usd, list, section } from '../../config/fields.ts';

const block = Type.Optional(
  section(
    {
      for: Age({
        description:
          'For how long all requests of whom it is about are refused. Without `block` nobody is: only an event tells.',
        examples: ['1h'],
      }),
    },
    { description: 'Refuse all requests of whom it is about for a while.' },
  ),
);

const enabled = Flag({ description: 'Look out for it.', default: true });

interface CountNotes {
  readonly description: string;
  readonly what: string;
  readonly count: number;
  readonly within: string;
}

const counted = ({ description, what, count, within }: CountNotes) =>
  section(
    {
      enabled,
      count: Int({ description: what, minimum: 2, maximum: 10_000, default: count }),
      within: Duration({ description: 'In which time.', default: within }),
      block,
    },
    { description },
  );

/** What is suspicious, and what follows from it. */
export const VigilanceSettings = section(
  {
    enabled: Flag({ description: 'Look out for suspicious use and tell of it in events.', default: true }),
    exceptAddresses: list(
      NetworkRef({ description: 'An address, or a network.', examples: ['10.0.0.0/8', '2001:db8::1'] }),
      {
        description:
          'Addresses that are never suspicious, such as your own servers that hold many keys. Rules about keys and users hold for them all the same.',
      },
    ),
    refusals: counted({
      description:
        'A burst of refusals (401, 402, 403, 429 of the gateway itself) of one key and user, or of one address where no valid key was sent.',
      what: 'How many refusals.',
      count: 50,
      within: '1m',
    }),
    keysPerAddress: counted({
      description: 'Many different keys that are in use from one address.',
      what: 'How many keys.',
      count: 10,
      within: '10m',
    }),
    guessedKeys: counted({
      description: 'Many different keys that do not exist, tried from one address.',
      what: 'How many keys.',
      count: 20,
      within: '10m',
    }),
    sameRequest: counted({
      description:
        'One user, or a key without users, that asks exactly the same thing again and again. Compared is the body as it was sent.',
      what: 'How many times.',
      count: 1000,
      within: '1h',
    }),
    guardHits: counted({
      description: 'A burst of requests of one key and user in which guards found what must not be there.',
      what: 'How many requests.',
      count: 20,
      within: '10m',
    }),
    spend: section(
      {
        enabled,
        factor: Num({
          description: 'How many times the usual spend of an hour the last hour is.',
          minimum: 1,
          maximum: 1_000_000,
          default: 10,
        }),
        minimumUsd: Usd({ description: 'Dollars in an hour that are never suspicious.', default: 1 }),
        history: Age({
          description: 'How long a key or user has to be known before it has something usual; at most 7d count.',
          default: '1d',
        }),
        block,
      },
      { description: 'A key or a user that spends far more than it did in the last 7 days.' },
    ),
  },
  {
    description:
      'Suspicious use. Each replica sees its own requests, so each threshold is that of one replica. Whoever is told of is told of once an hour.',
  },
);

export type VigilanceSettings = Static<typeof VigilanceSettings>;
export type CountSettings = VigilanceSettings['refusals'];
export type BlockSettings = CountSettings['block'];
