import { type Static, Type } from 'typebox';

import { Duration, Flag, HedgeDelay, TargetRef, list, section } from '../../config/fields.ts';
import { BreakerSettings } from './breaker/settings.ts';
import { PacingSettings } from './pacing/settings.ts';
import { QueueSettings } from './queue/settings.ts';
import { RetrySettings } from './retry/settings.ts';

/** When a slow provider is given up, in milliseconds; what is left out is the provider's own default. */
export const TimeoutSettings = section(
  {
    connect: Type.Optional(
      Duration({ description: 'Until the connection to the provider stands. Left out: 10s.', examples: ['3s'] }),
    ),
    firstToken: Type.Optional(
      Duration({
        description:
          'From sending the request until the first content of the answer; an answer that is not streamed begins when it is whole. Left out: 120s.',
        examples: ['10s'],
      }),
    ),
    idle: Type.Optional(
      Duration({ description: 'Between two pieces of an answer that has begun. Left out: 60s.', examples: ['15s'] }),
    ),
    total: Type.Optional(
      Duration({
        description:
          'From sending the request until the end of the answer. Left out: 30s for answers that are not streamed (chat, completions, embeddings, rerank, moderation); streams and media have no such limit.',
        examples: ['120s'],
      }),
    ),
  },
  { description: 'When a slow provider is given up. Each holds for one attempt.' },
);

export type TimeoutSettings = Static<typeof TimeoutSettings>;

/** What may be said once for all models. */
export const RESILIENCE_OF_ALL = {
  timeouts: Type.Optional(TimeoutSettings),
  retries: Type.Optional(RetrySettings),
  breaker: Type.Optional(BreakerSettings),
  queue: Type.Optional(QueueSettings),
  pacing: Type.Optional(PacingSettings),
};

const target = (description: string) => TargetRef({ description, examples: ['claude/claude-sonnet-4-6'] });

/** What a virtual model says of itself. */
export const resilienceFields = {
  ...RESILIENCE_OF_ALL,
  fallback: list(target('A provider and model.'), {
    description: 'The targets that are asked in turn where the one before fails, is left alone, or is full.',
  }),
  contextLengthFallback: list(target('A provider and model that reads longer prompts.'), {
    description: 'The targets that are asked where the prompt is too long for a target.',
  }),
  contentPolicyFallback: list(target('A provider and model.'), {
    description: "The targets that are asked where a provider's own filter refuses the prompt.",
  }),
  hedge: Type.Optional(
    section(
      {
        after: HedgeDelay({
          description:
            "How long an attempt may be without content before a second one starts at the next target: a duration, or p95 for what 95 of 100 of the target's own last answers took.",
          default: 'p95',
        }),
      },
      {
        description:
          'A second attempt beside one that is slow; whichever has content first is the answer, and the other is ended. Both are billed.',
      },
    ),
  ),
  continue: Flag({
    description:
      'A stream of text that breaks off goes on at the next target with what was said so far, once, unless a tool call has begun.',
    default: false,
  }),
};
