import { type Static, Type } from 'typebox';

import { Duration, Flag, Int, Num, choice, named, section } from '../../config/fields.ts';

/** How answers come and fail: for the instance, one model, or (in the header) one request. */
const ANSWER_FIELDS = {
  ttft: Type.Optional(
    Duration({
      description: 'Time to the first token. Left out: echo 0ms, large 300ms, others 20ms.',
      examples: ['50ms'],
    }),
  ),
  tokensPerSecond: Type.Optional(
    Num({
      description: 'Pace of the tokens after the first; 0 = all at once. Left out: echo 0, large 80, others 400.',
      minimum: 0,
      examples: [100],
    }),
  ),
  latency: Type.Optional(
    choice(['fixed', 'uniform', 'lognormal'], {
      description: 'How times scatter around what is set: not at all, evenly, or with the long tail of real providers.',
    }),
  ),
  latencySpread: Type.Optional(
    Num({
      description: 'How far times scatter: uniform ± this share, lognormal with this sigma. Left out: 0.5.',
      minimum: 0,
      maximum: 5,
    }),
  ),
  outputTokens: Type.Optional(
    Int({
      description: 'Length of made-up prose in tokens. Left out: large 240, others 40.',
      minimum: 0,
      maximum: 100_000,
    }),
  ),
  errorRate: Type.Optional(
    Num({ description: 'Share of requests that are answered with an error.', minimum: 0, maximum: 1, examples: [0.1] }),
  ),
  errorStatus: Type.Optional(
    Int({ description: 'HTTP status of these errors. Left out: 500.', minimum: 400, maximum: 599, examples: [503] }),
  ),
  retryAfter: Type.Optional(Duration({ description: 'Retry-After of errors.', examples: ['2s'] })),
  stallAfterTokens: Type.Optional(
    Int({ description: 'Silence after so many tokens; the connection stays open.', minimum: 0 }),
  ),
  cutAfterTokens: Type.Optional(Int({ description: 'The connection is destroyed after so many tokens.', minimum: 0 })),
  malformedAfterTokens: Type.Optional(
    Int({ description: 'A chunk of broken JSON after so many tokens; the rest follows.', minimum: 0 }),
  ),
  errorAfterTokens: Type.Optional(
    Int({ description: "The dialect's error event after so many tokens, and then the end.", minimum: 0 }),
  ),
  html: Type.Optional(Flag({ description: 'An HTML page in place of every answer and every error body.' })),
  halfJson: Type.Optional(Flag({ description: 'Answers stop half-way, but the connection ends as if all were well.' })),
  errorIn200: Type.Optional(Flag({ description: 'An error body under status 200.' })),
  hang: Type.Optional(Flag({ description: 'Takes the request and never answers.' })),
  reset: Type.Optional(Flag({ description: 'Takes the request and destroys the connection without an answer.' })),
};

/** How much is let in at a time. */
const GATE_FIELDS = {
  concurrency: Type.Optional(Int({ description: 'Requests that are answered at the same time.', minimum: 1 })),
  whenBusy: Type.Optional(
    choice(['wait', 'refuse'], {
      description:
        'What happens to a request beyond the concurrency. Left out: wait. Refused: 429 (OpenAI), 529 (Anthropic).',
    }),
  ),
  queueSize: Type.Optional(
    Int({ description: 'Requests that may wait; more are refused. Left out: 1000.', minimum: 0, maximum: 100_000 }),
  ),
  rateLimit: Type.Optional(Int({ description: 'Requests per rateWindow; more get 429 with Retry-After.', minimum: 1 })),
  rateWindow: Type.Optional(
    Duration({ description: 'Length of the window of rateLimit. Left out: 1m.', examples: ['10s'] }),
  ),
};

/** One model: its own answer fields over the instance's, and with `concurrency` or `rateLimit` a gate of its own. */
export const SimulatedModelSettings = section({ ...ANSWER_FIELDS, ...GATE_FIELDS });
export type SimulatedModelSettings = Static<typeof SimulatedModelSettings>;

/** What the header `x-causeway-simulate` may set for one request. */
export const AnswerSettings = section(ANSWER_FIELDS);
export type AnswerSettings = Static<typeof AnswerSettings>;

/** What an operator may set of a simulator, without its models. */
export const SimulatorBaseSettings = section({
  ...ANSWER_FIELDS,
  ...GATE_FIELDS,
  seed: Type.Optional(Int({ description: 'Seed of latencies, errors and ids. Left out: 1.', minimum: 0 })),
  slowStart: Type.Optional(
    Duration({
      description: 'How long after its start the simulator is slower, as a server that warms up.',
      examples: ['30s'],
    }),
  ),
  slowStartFactor: Type.Optional(
    Num({ description: 'By what factor it is slower in that time. Left out: 5.', minimum: 1, maximum: 1000 }),
  ),
});

/** Everything that an operator may set of a simulator. */
export const SimulatorSettings = section({
  ...SimulatorBaseSettings.properties,
  models: named(SimulatedModelSettings, {
    description: 'Settings for single models; the names here are listed as models and may be any.',
    names: /^\S+$/,
    namesAre: 'model names without spaces, e.g. gpt-5-mini',
  }),
});
export type SimulatorSettings = Static<typeof SimulatorSettings>;
