import { type Static, Type } from 'typebox';

import { Age, Flag, Int, Num, Size, TargetRef, Text, choice, section } from '../../config/fields.ts';

const ExactSettings = section(
  {
    ttl: Age({ description: 'How long an answer is given again.', default: '1h', examples: ['10m', '1d'] }),
    maxAnswer: Size({ description: 'A larger answer is not kept.', default: '1MB' }),
    maxTemperature: Type.Optional(
      Num({
        description:
          'Requests with a higher temperature are neither kept nor answered from the cache; one that names none counts as 1. Left out: any.',
        minimum: 0,
        maximum: 2,
        examples: [0],
      }),
    ),
    tools: Flag({ description: 'Also requests that offer tools to the model.', default: true }),
  },
  { description: 'The same request again is answered with the same answer.' },
);

const SemanticSettings = section(
  {
    maxErrorRate: Num({
      description:
        'The part of the answers given by similarity that may be wrong. What may be served is learned from answers that are compared; until enough is known, nothing is served.',
      default: 0.02,
      minimum: 0.001,
      maximum: 0.5,
      examples: [0.01, 0.05],
    }),
    confidence: Num({ description: 'How sure that is.', default: 0.95, minimum: 0.5, maximum: 0.999 }),
    ttl: Age({ description: 'How long an answer is given to requests that mean the same.', default: '1h' }),
    maxEntries: Int({
      description: 'How many requests are kept with their vectors, over all projects; the oldest are forgotten first.',
      default: 20_000,
      minimum: 100,
      maximum: 1_000_000,
    }),
    embedder: Type.Optional(
      TargetRef({
        description:
          'The provider and model that make vectors of texts. Left out: the encoder of `cache.encoder`, which runs in this process.',
        examples: ['openai/text-embedding-3-small'],
      }),
    ),
    judge: Type.Optional(
      TargetRef({
        description:
          'The provider and model that say whether two long answers say the same. Left out: their vectors are compared.',
        examples: ['openai/gpt-5-mini'],
      }),
    ),
  },
  {
    description:
      'A request that means the same as an earlier one is answered with its answer, as far as that is right often enough. Off where left out.',
  },
);

const ModelCacheSettings = section(
  {
    enabled: Flag({ description: 'False turns off what the defaults turn on.', default: true }),
    scope: choice(['project', 'user', 'key'], {
      description: 'Who shares answers with each other: nobody ever does beyond the own project.',
      default: 'project',
    }),
    exact: Type.Optional(ExactSettings),
    coalesce: Flag({
      description:
        'Identical requests that are under way at the same time become one request to the provider; of all replicas where there is a REDIS_URL, also with `cache.redis.enabled: false`.',
      default: true,
    }),
    semantic: Type.Optional(SemanticSettings),
    tokensPerSecond: Type.Optional(
      Num({
        description: 'How fast a kept answer is streamed, in tokens a second. Left out: all at once.',
        minimum: 1,
        maximum: 100_000,
        examples: [100],
      }),
    ),
  },
  { description: 'What need not be asked twice. Nothing is cached for a model without this part.' },
);

export type ModelCacheSettings = Static<typeof ModelCacheSettings>;

/** What a virtual model, or all of them, may say of caches. */
export const cacheFields = { cache: Type.Optional(ModelCacheSettings) };

/** Where answers are kept, for all models together. */
export const CacheSettings = section(
  {
    maxSize: Size({
      description:
        'Memory that kept answers may take in this process, bytes and bookkeeping together. Those of semantic caches may take as much once more, where one is on.',
      default: '128MB',
      examples: ['1GB'],
      restart: true,
    }),
    redis: section(
      {
        enabled: Flag({ description: 'Whether answers are kept in Redis as well.', default: true, restart: true }),
        maxSize: Size({ description: 'What kept answers may take in Redis.', default: '512MB', restart: true }),
      },
      { description: 'A second level that all replicas share, where there is a REDIS_URL.' },
    ),
    encoder: Type.Optional(
      Text({
        description:
          'A folder with an ONNX model that makes vectors of texts, as @huggingface/transformers reads it. Left out: the built-in encoder.',
        examples: ['/models/multilingual-e5-small'],
        restart: true,
      }),
    ),
  },
  { description: 'Where kept answers are, and what makes vectors of texts in this process.' },
);

export type CacheSettings = Static<typeof CacheSettings>;
