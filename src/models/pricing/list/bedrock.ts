import { PRIORITY_OF_AWS, inRegions } from './clouds.ts';
import { BATCH_AT_HALF, FLEX_AT_HALF, alike, listed } from './listed.ts';

/**
 * Amazon's own models on Bedrock, and those of Meta, Mistral, Cohere, AI21 and Writer. Where a tier has no price here,
 * its rates are rounded otherwise in each region, or not stated.
 */
export const BEDROCK_PRICES = listed('bedrock', {
  'https://aws.amazon.com/bedrock/pricing/': [
    { model: 'eu.amazon.nova-pro-v1:0', input: 1.05, cacheRead: 0.2625, output: 4.2, variants: [FLEX_AT_HALF] },
    ...alike(['cohere.embed-english-v3', 'cohere.embed-multilingual-v3'], {
      input: 0.1,
      output: 0,
      variants: [...inRegions(['us-east-1'])],
    }),
    ...alike(['global.cohere.embed-v4:0', 'us.cohere.embed-v4:0'], { input: 0.12, output: 0 }),
    { model: 'mistral.pixtral-large-2502-v1:0', input: 2, output: 6, variants: [...inRegions(['us-east-1'])] },
  ],
  'https://aws.amazon.com/nova/pricing/': [
    ...alike(['apac.amazon.nova-2-pro-preview-20251202-v1:0', 'eu.amazon.nova-2-pro-preview-20251202-v1:0'], {
      input: 1.375,
      cacheRead: 0.34375,
      output: 11,
    }),
  ],
  'https://b0.p.awsstatic.com/pricing/2.0/meteredUnitMaps/bedrock/USD/current/bedrock.json': [
    { model: 'mistral.mistral-large-2407-v1:0', input: 2, output: 6, variants: [...inRegions(['us-east-1'])] },
  ],
  'https://docs.aws.amazon.com/bedrock/latest/userguide/model-card-ai21-labs-jamba-1-5-large.md': [
    { model: 'ai21.jamba-1-5-large-v1:0', input: 2, output: 8, variants: [...inRegions(['us-east-1'])] },
  ],
  'https://docs.aws.amazon.com/bedrock/latest/userguide/model-card-ai21-labs-jamba-1-5-mini.md': [
    { model: 'ai21.jamba-1-5-mini-v1:0', input: 0.2, output: 0.4, variants: [...inRegions(['us-east-1'])] },
  ],
  'https://docs.aws.amazon.com/bedrock/latest/userguide/model-card-meta-llama-3-70b-instruct.md': [
    {
      model: 'meta.llama3-70b-instruct-v1:0',
      input: 2.65,
      output: 3.5,
      variants: [
        ...inRegions(['us-east-1', 'us-gov-west-1', 'us-west-1']),
        ...inRegions(['ap-south-1'], { input: 3.18, output: 4.2 }),
        ...inRegions(['ca-central-1'], { input: 3.05, output: 4.03 }),
        ...inRegions(['eu-west-1'], { input: 2.86, output: 3.78 }),
        ...inRegions(['eu-west-2'], { input: 3.45, output: 4.55 }),
        ...inRegions(['sa-east-1'], { input: 4.45, output: 5.88 }),
      ],
    },
  ],
  'https://docs.aws.amazon.com/bedrock/latest/userguide/model-card-meta-llama-3-8b-instruct.md': [
    {
      model: 'meta.llama3-8b-instruct-v1:0',
      input: 0.3,
      output: 0.6,
      variants: [
        ...inRegions(['us-east-1', 'us-gov-west-1', 'us-west-1']),
        ...inRegions(['ap-south-1'], { input: 0.36, output: 0.72 }),
        ...inRegions(['ca-central-1'], { input: 0.35, output: 0.69 }),
        ...inRegions(['eu-west-1'], { input: 0.32, output: 0.65 }),
        ...inRegions(['eu-west-2'], { input: 0.39, output: 0.78 }),
        ...inRegions(['sa-east-1'], { input: 0.5, output: 1.01 }),
      ],
    },
  ],
  'https://docs.aws.amazon.com/bedrock/latest/userguide/model-card-meta-llama-4-maverick-17b-instruct.md': [
    {
      model: 'meta.llama4-maverick-17b-instruct-v1:0',
      input: 0.24,
      output: 0.97,
      variants: [...inRegions(['us-east-1']), BATCH_AT_HALF],
    },
    { model: 'us.meta.llama4-maverick-17b-instruct-v1:0', input: 0.24, output: 0.97, variants: [BATCH_AT_HALF] },
  ],
  'https://docs.aws.amazon.com/bedrock/latest/userguide/model-card-meta-llama-4-scout-17b-instruct.md': [
    {
      model: 'meta.llama4-scout-17b-instruct-v1:0',
      input: 0.17,
      output: 0.66,
      variants: [...inRegions(['us-east-1']), BATCH_AT_HALF],
    },
    { model: 'us.meta.llama4-scout-17b-instruct-v1:0', input: 0.17, output: 0.66, variants: [BATCH_AT_HALF] },
  ],
  'https://docs.aws.amazon.com/bedrock/latest/userguide/model-card-mistral-ai-mistral-7b-instruct.md': [
    {
      model: 'mistral.mistral-7b-instruct-v0:2',
      input: 0.15,
      output: 0.2,
      variants: [...inRegions(['us-east-1', 'us-west-2']), ...inRegions(['eu-west-3'], { input: 0.2, output: 0.26 })],
    },
  ],
  'https://docs.aws.amazon.com/bedrock/latest/userguide/model-card-mistral-ai-mistral-large.md': [
    {
      model: 'mistral.mistral-large-2402-v1:0',
      input: 4,
      output: 12,
      variants: [...inRegions(['us-east-1', 'us-west-2']), ...inRegions(['eu-west-3'], { input: 5.2, output: 15.6 })],
    },
  ],
  'https://docs.aws.amazon.com/bedrock/latest/userguide/model-card-mistral-ai-mistral-small.md': [
    {
      model: 'mistral.mistral-small-2402-v1:0',
      input: 1,
      output: 3,
      variants: [...inRegions(['us-east-1']), BATCH_AT_HALF],
    },
  ],
  'https://docs.aws.amazon.com/bedrock/latest/userguide/model-card-mistral-ai-mixtral-8x7b-instruct.md': [
    {
      model: 'mistral.mixtral-8x7b-instruct-v0:1',
      input: 0.45,
      output: 0.7,
      variants: [...inRegions(['us-east-1', 'us-west-2']), ...inRegions(['eu-west-3'], { input: 0.59, output: 0.91 })],
    },
  ],
  'https://docs.aws.amazon.com/bedrock/latest/userguide/model-card-mistral-ai-pixtral-large.md': [
    ...alike(['eu.mistral.pixtral-large-2502-v1:0', 'us.mistral.pixtral-large-2502-v1:0'], { input: 2, output: 6 }),
  ],
  'https://docs.aws.amazon.com/bedrock/latest/userguide/model-card-writer-palmyra-x4.md': [
    { model: 'writer.palmyra-x4-v1:0', input: 2.5, output: 10, variants: [...inRegions(['us-east-1'])] },
    { model: 'us.writer.palmyra-x4-v1:0', input: 2.5, output: 10 },
  ],
  'https://docs.aws.amazon.com/bedrock/latest/userguide/model-card-writer-palmyra-x5.md': [
    { model: 'writer.palmyra-x5-v1:0', input: 0.6, output: 6, variants: [...inRegions(['us-east-1'])] },
    { model: 'us.writer.palmyra-x5-v1:0', input: 0.6, output: 6 },
  ],
  'https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/AmazonBedrock/current/ap-northeast-1/index.json': [
    {
      model: 'jp.amazon.nova-2-lite-v1:0',
      input: 0.396,
      cacheRead: 0.099,
      output: 3.311,
      variants: [FLEX_AT_HALF, PRIORITY_OF_AWS, BATCH_AT_HALF],
    },
  ],
  'https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/AmazonBedrock/current/us-east-1/index.json': [
    {
      model: 'global.amazon.nova-2-lite-v1:0',
      input: 0.3,
      cacheRead: 0.075,
      output: 2.5,
      variants: [PRIORITY_OF_AWS, BATCH_AT_HALF],
    },
    {
      model: 'us.amazon.nova-2-lite-v1:0',
      input: 0.33,
      cacheRead: 0.0825,
      output: 2.75,
      variants: [FLEX_AT_HALF, PRIORITY_OF_AWS, BATCH_AT_HALF],
    },
    {
      model: 'us.amazon.nova-2-pro-preview-20251202-v1:0',
      input: 1.375,
      cacheRead: 0.34375,
      output: 11,
      variants: [PRIORITY_OF_AWS, BATCH_AT_HALF],
    },
    {
      model: 'amazon.nova-lite-v1:0',
      input: 0.06,
      cacheRead: 0.015,
      output: 0.24,
      variants: [...inRegions(['us-east-1']), BATCH_AT_HALF],
    },
    { model: 'us.amazon.nova-lite-v1:0', input: 0.06, cacheRead: 0.015, output: 0.24, variants: [BATCH_AT_HALF] },
    {
      model: 'amazon.nova-micro-v1:0',
      input: 0.035,
      cacheRead: 0.00875,
      output: 0.14,
      variants: [...inRegions(['us-east-1']), BATCH_AT_HALF],
    },
    { model: 'us.amazon.nova-micro-v1:0', input: 0.035, cacheRead: 0.00875, output: 0.14, variants: [BATCH_AT_HALF] },
    {
      model: 'amazon.nova-premier-v1:0',
      input: 2.5,
      cacheRead: 0.625,
      output: 12.5,
      variants: [...inRegions(['us-east-1']), PRIORITY_OF_AWS, BATCH_AT_HALF],
    },
    {
      model: 'amazon.nova-pro-v1:0',
      input: 0.8,
      cacheRead: 0.2,
      output: 3.2,
      variants: [...inRegions(['us-east-1']), FLEX_AT_HALF, PRIORITY_OF_AWS, BATCH_AT_HALF],
    },
    {
      model: 'us.amazon.nova-pro-v1:0',
      input: 0.8,
      cacheRead: 0.2,
      output: 3.2,
      variants: [FLEX_AT_HALF, PRIORITY_OF_AWS, BATCH_AT_HALF],
    },
    ...alike(['meta.llama3-1-70b-instruct-v1:0', 'meta.llama3-3-70b-instruct-v1:0'], {
      input: 0.72,
      output: 0.72,
      variants: [...inRegions(['us-east-1']), BATCH_AT_HALF],
    }),
    ...alike(['us.meta.llama3-1-70b-instruct-v1:0', 'us.meta.llama3-3-70b-instruct-v1:0'], {
      input: 0.72,
      output: 0.72,
      variants: [BATCH_AT_HALF],
    }),
    {
      model: 'meta.llama3-1-8b-instruct-v1:0',
      input: 0.22,
      output: 0.22,
      variants: [...inRegions(['us-east-1']), BATCH_AT_HALF],
    },
    { model: 'us.meta.llama3-1-8b-instruct-v1:0', input: 0.22, output: 0.22, variants: [BATCH_AT_HALF] },
    {
      model: 'mistral.devstral-2-123b',
      input: 0.4,
      output: 2,
      variants: [...inRegions(['us-east-1']), FLEX_AT_HALF, PRIORITY_OF_AWS, BATCH_AT_HALF],
    },
    ...alike(['mistral.magistral-small-2509', 'mistral.mistral-large-3-675b-instruct'], {
      input: 0.5,
      output: 1.5,
      variants: [
        ...inRegions(['us-east-1']),
        FLEX_AT_HALF,
        { when: { serviceTier: 'priority' }, input: 0.88, output: 2.63 },
        BATCH_AT_HALF,
      ],
    }),
    {
      model: 'mistral.ministral-3-14b-instruct',
      input: 0.2,
      output: 0.2,
      variants: [...inRegions(['us-east-1']), FLEX_AT_HALF, PRIORITY_OF_AWS, BATCH_AT_HALF],
    },
    {
      model: 'mistral.ministral-3-3b-instruct',
      input: 0.1,
      output: 0.1,
      variants: [
        ...inRegions(['us-east-1']),
        FLEX_AT_HALF,
        { when: { serviceTier: 'priority' }, input: 0.17, output: 0.17 },
        BATCH_AT_HALF,
      ],
    },
    {
      model: 'mistral.ministral-3-8b-instruct',
      input: 0.15,
      output: 0.15,
      variants: [
        ...inRegions(['us-east-1']),
        { when: { serviceTier: 'flex' }, input: 0.07, output: 0.07 },
        { when: { serviceTier: 'priority' }, input: 0.26, output: 0.26 },
        { when: { batch: true }, input: 0.07, output: 0.07 },
      ],
    },
    {
      model: 'mistral.voxtral-mini-3b-2507',
      input: 0.04,
      output: 0.04,
      variants: [
        ...inRegions(['us-east-1']),
        ...inRegions(['ap-southeast-2'], { input: 0.0412, output: 0.0412 }),
        ...inRegions(['ap-northeast-1'], { input: 0.05, output: 0.05 }),
        ...inRegions(['eu-west-2'], { input: 0.06, output: 0.06 }),
      ],
    },
    {
      model: 'mistral.voxtral-small-24b-2507',
      input: 0.1,
      output: 0.3,
      variants: [
        ...inRegions(['us-east-1']),
        ...inRegions(['ap-southeast-2'], { input: 0.103, output: 0.309 }),
        ...inRegions(['ap-northeast-1'], { input: 0.12, output: 0.36 }),
        ...inRegions(['eu-west-2'], { input: 0.16, output: 0.47 }),
      ],
    },
  ],
});
