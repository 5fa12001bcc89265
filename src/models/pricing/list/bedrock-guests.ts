import { PRIORITY_OF_AWS, inRegions } from './clouds.ts';
import { BATCH_AT_HALF, FLEX_AT_HALF, listed } from './listed.ts';

/** Models of Google, NVIDIA, DeepSeek, Qwen, Moonshot, MiniMax and Z.ai on Bedrock. */
export const BEDROCK_GUEST_PRICES = listed('bedrock', {
  'https://aws.amazon.com/bedrock/pricing/': [
    {
      model: 'global.moonshotai.kimi-k3',
      input: 3,
      cacheRead: 0.3,
      cacheWrite: 3.75,
      output: 15,
      variants: [FLEX_AT_HALF, PRIORITY_OF_AWS],
    },
    {
      model: 'us.moonshotai.kimi-k3',
      input: 3.3,
      cacheRead: 0.33,
      cacheWrite: 4.125,
      output: 16.5,
      variants: [FLEX_AT_HALF, PRIORITY_OF_AWS],
    },
    {
      model: 'global.zai.glm-5.3',
      input: 1.68,
      cacheRead: 0.312,
      cacheWrite: 2.1,
      output: 5.28,
      variants: [FLEX_AT_HALF, PRIORITY_OF_AWS, BATCH_AT_HALF],
    },
    {
      model: 'us.zai.glm-5.3',
      input: 1.848,
      cacheRead: 0.3432,
      cacheWrite: 2.31,
      output: 5.808,
      variants: [FLEX_AT_HALF, PRIORITY_OF_AWS, BATCH_AT_HALF],
    },
  ],
  'https://docs.aws.amazon.com/bedrock/latest/userguide/model-card-deepseek-deepseek-r1.html': [
    { model: 'deepseek.r1-v1:0', input: 1.35, output: 5.4, variants: [...inRegions(['us-east-1'])] },
    { model: 'us.deepseek.r1-v1:0', input: 1.35, output: 5.4 },
  ],
  'https://docs.aws.amazon.com/bedrock/latest/userguide/model-card-deepseek-deepseek-v3-1.html': [
    { model: 'deepseek.v3-v1:0', input: 0.58, output: 1.68, variants: [...inRegions(['us-east-1'])] },
  ],
  'https://docs.aws.amazon.com/bedrock/latest/userguide/model-card-moonshot-ai-kimi-k3.md': [
    {
      model: 'in.moonshotai.kimi-k3',
      input: 3.3,
      cacheRead: 0.33,
      cacheWrite: 4.125,
      output: 16.5,
      variants: [FLEX_AT_HALF, PRIORITY_OF_AWS],
    },
  ],
  'https://docs.aws.amazon.com/bedrock/latest/userguide/model-card-qwen-qwen3-235b-a22b-2507.html': [
    {
      model: 'qwen.qwen3-235b-a22b-2507-v1:0',
      input: 0.22,
      output: 0.88,
      variants: [...inRegions(['us-east-1']), FLEX_AT_HALF, BATCH_AT_HALF],
    },
  ],
  'https://docs.aws.amazon.com/bedrock/latest/userguide/model-card-qwen-qwen3-coder-480b-a35b-instruct.html': [
    { model: 'qwen.qwen3-coder-480b-a35b-v1:0', input: 0.45, output: 1.8, variants: [...inRegions(['us-east-1'])] },
  ],
  'https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/AmazonBedrock/current/index.json': [
    {
      model: 'qwen.qwen3-next-80b-a3b',
      input: 0.15,
      output: 1.2,
      variants: [
        ...inRegions(['us-east-1']),
        ...inRegions(['ap-northeast-1', 'sa-east-1'], { input: 0.18, output: 1.45 }),
        ...inRegions(['ap-south-1', 'eu-west-1'], { input: 0.18, output: 1.41 }),
        ...inRegions(['ap-southeast-2'], { input: 0.1545, output: 1.236 }),
        ...inRegions(['eu-west-2'], { input: 0.23, output: 1.86 }),
      ],
    },
  ],
  'https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/AmazonBedrock/current/us-east-1/index.json': [
    {
      model: 'deepseek.v3.2',
      input: 0.62,
      output: 1.85,
      variants: [
        ...inRegions(['us-east-1', 'us-east-2', 'us-west-2']),
        ...inRegions(['ap-northeast-1', 'ap-south-1', 'ap-southeast-3', 'eu-north-1', 'sa-east-1'], {
          input: 0.74,
          output: 2.22,
        }),
        FLEX_AT_HALF,
        PRIORITY_OF_AWS,
        BATCH_AT_HALF,
      ],
    },
    { model: 'us.deepseek.v3.2', input: 0.62, output: 1.85, variants: [FLEX_AT_HALF, PRIORITY_OF_AWS, BATCH_AT_HALF] },
    {
      model: 'google.gemma-3-12b-it',
      input: 0.09,
      output: 0.29,
      variants: [
        ...inRegions(['us-east-1']),
        { when: { serviceTier: 'flex' }, input: 0.05, output: 0.15 },
        { when: { serviceTier: 'priority' }, input: 0.16, output: 0.51 },
        { when: { batch: true }, input: 0.05, output: 0.15 },
      ],
    },
    {
      model: 'google.gemma-3-27b-it',
      input: 0.23,
      output: 0.38,
      variants: [
        ...inRegions(['us-east-1']),
        { when: { serviceTier: 'flex' }, input: 0.12, output: 0.19 },
        { when: { serviceTier: 'priority' }, input: 0.4, output: 0.67 },
        { when: { batch: true }, input: 0.12, output: 0.19 },
      ],
    },
    {
      model: 'google.gemma-3-4b-it',
      input: 0.04,
      output: 0.08,
      variants: [...inRegions(['us-east-1']), FLEX_AT_HALF, PRIORITY_OF_AWS, BATCH_AT_HALF],
    },
    {
      model: 'minimax.minimax-m2',
      input: 0.3,
      output: 1.2,
      variants: [
        ...inRegions(['us-east-1']),
        FLEX_AT_HALF,
        { when: { serviceTier: 'priority' }, input: 0.52, output: 2.1 },
        BATCH_AT_HALF,
      ],
    },
    {
      model: 'minimax.minimax-m2.1',
      input: 0.3,
      output: 1.2,
      variants: [
        ...inRegions(['us-east-1', 'us-east-2', 'us-west-2']),
        ...inRegions(
          [
            'ap-northeast-1',
            'ap-south-1',
            'ap-southeast-3',
            'eu-central-1',
            'eu-north-1',
            'eu-south-1',
            'eu-west-1',
            'sa-east-1',
          ],
          { input: 0.36, output: 1.44 },
        ),
        ...inRegions(['eu-west-2'], { input: 0.47, output: 1.86 }),
        FLEX_AT_HALF,
        PRIORITY_OF_AWS,
        BATCH_AT_HALF,
      ],
    },
    {
      model: 'minimax.minimax-m2.5',
      input: 0.3,
      output: 1.2,
      variants: [
        ...inRegions(['us-east-1', 'us-east-2', 'us-west-2']),
        ...inRegions(
          [
            'ap-northeast-1',
            'ap-south-1',
            'ap-southeast-3',
            'eu-central-1',
            'eu-north-1',
            'eu-south-1',
            'eu-west-1',
            'sa-east-1',
          ],
          { input: 0.36, output: 1.44 },
        ),
        ...inRegions(['ap-southeast-2'], { input: 0.31, output: 1.24 }),
        ...inRegions(['eu-west-2'], { input: 0.47, output: 1.86 }),
        FLEX_AT_HALF,
        PRIORITY_OF_AWS,
        BATCH_AT_HALF,
      ],
    },
    {
      model: 'moonshot.kimi-k2-thinking',
      input: 0.6,
      output: 2.5,
      variants: [
        ...inRegions(['us-east-1']),
        { when: { serviceTier: 'priority' }, input: 1.05, output: 4.38 },
        BATCH_AT_HALF,
      ],
    },
    {
      model: 'moonshotai.kimi-k2.5',
      input: 0.6,
      output: 3,
      variants: [
        ...inRegions(['us-east-1', 'us-east-2', 'us-west-2']),
        ...inRegions(['ap-northeast-1', 'ap-south-1', 'ap-southeast-3', 'eu-north-1', 'sa-east-1'], {
          input: 0.72,
          output: 3.6,
        }),
        FLEX_AT_HALF,
        PRIORITY_OF_AWS,
        BATCH_AT_HALF,
      ],
    },
    {
      model: 'nvidia.nemotron-nano-12b-v2',
      input: 0.2,
      output: 0.6,
      variants: [
        ...inRegions(['us-east-1']),
        ...inRegions(['us-gov-east-1', 'us-gov-west-1'], { input: 0.24, output: 0.72 }),
        FLEX_AT_HALF,
        PRIORITY_OF_AWS,
        BATCH_AT_HALF,
      ],
    },
    {
      model: 'nvidia.nemotron-nano-3-30b',
      input: 0.06,
      output: 0.24,
      variants: [
        ...inRegions(['us-east-1']),
        ...inRegions(['us-gov-east-1', 'us-gov-west-1'], { input: 0.072, output: 0.288 }),
        FLEX_AT_HALF,
        BATCH_AT_HALF,
      ],
    },
    {
      model: 'nvidia.nemotron-nano-9b-v2',
      input: 0.06,
      output: 0.23,
      variants: [
        ...inRegions(['us-east-1']),
        ...inRegions(['us-gov-east-1', 'us-gov-west-1'], { input: 0.072, output: 0.276 }),
      ],
    },
    {
      model: 'nvidia.nemotron-super-3-120b',
      input: 0.15,
      output: 0.65,
      variants: [
        ...inRegions(['us-east-1']),
        ...inRegions(['eu-west-2'], { input: 0.23, output: 1.01 }),
        ...inRegions(['us-gov-east-1', 'us-gov-west-1'], { input: 0.18, output: 0.78 }),
        FLEX_AT_HALF,
        PRIORITY_OF_AWS,
        BATCH_AT_HALF,
      ],
    },
    {
      model: 'qwen.qwen3-32b-v1:0',
      input: 0.15,
      output: 0.6,
      variants: [...inRegions(['us-east-1']), FLEX_AT_HALF, PRIORITY_OF_AWS, BATCH_AT_HALF],
    },
    {
      model: 'qwen.qwen3-coder-30b-a3b-v1:0',
      input: 0.15,
      output: 0.6,
      variants: [...inRegions(['us-east-1']), PRIORITY_OF_AWS, BATCH_AT_HALF],
    },
    {
      model: 'qwen.qwen3-coder-next',
      input: 0.5,
      output: 1.2,
      variants: [
        ...inRegions(['us-east-1', 'us-east-2', 'us-west-2']),
        ...inRegions(
          ['ap-northeast-1', 'ap-south-1', 'ap-southeast-3', 'eu-central-1', 'eu-south-1', 'eu-west-1', 'sa-east-1'],
          { input: 0.6, output: 1.44 },
        ),
        ...inRegions(['eu-west-2'], { input: 0.78, output: 1.86 }),
        FLEX_AT_HALF,
        PRIORITY_OF_AWS,
        BATCH_AT_HALF,
      ],
    },
    {
      model: 'qwen.qwen3-vl-235b-a22b',
      input: 0.53,
      output: 2.66,
      variants: [
        ...inRegions(['us-east-1']),
        { when: { serviceTier: 'priority' }, input: 0.93, output: 4.66 },
        { when: { batch: true }, input: 0.26, output: 1.33 },
      ],
    },
    {
      model: 'zai.glm-4.7',
      input: 0.6,
      output: 2.2,
      variants: [...inRegions(['us-east-1']), FLEX_AT_HALF, PRIORITY_OF_AWS, BATCH_AT_HALF],
    },
    {
      model: 'zai.glm-4.7-flash',
      input: 0.07,
      output: 0.4,
      variants: [...inRegions(['us-east-1']), FLEX_AT_HALF, PRIORITY_OF_AWS, BATCH_AT_HALF],
    },
    {
      model: 'zai.glm-5',
      input: 1,
      output: 3.2,
      variants: [...inRegions(['us-east-1', 'us-west-2']), PRIORITY_OF_AWS, BATCH_AT_HALF],
    },
  ],
});
