import type { Feature } from '../../../../core/inference/features.ts';
import { type Preset, hosted } from './preset.ts';

/** What none of these providers has. */
const COMMON: readonly Feature[] = ['verbosity', 'logit-bias', 'strict-tools'];

/** Sampling that models with fixed values refuse. */
const SAMPLING: readonly Feature[] = ['temperature', 'top-p', 'frequency-penalty', 'presence-penalty'];

const QWEN_DOCS = 'https://www.alibabacloud.com/help/en/model-studio/qwen-api-via-openai-chat-completions';

const dashscope = {
  keyVariable: 'DASHSCOPE_API_KEY',
  quirks: {
    userField: undefined,
    standardTier: undefined,
    mostStops: Number.POSITIVE_INFINITY,
    untaken: [...COMMON, 'prompt-cache-key', 'frequency-penalty', 'tool-choice-required'],
    topK: true,
    choices: false,
    reasoning: 'enable_thinking',
    thinksOrIsForced: true,
    prefill: 'partial',
    oneCallByDefault: true,
    cacheControl: 'plain',
    documents: undefined,
  },
  sources: [
    QWEN_DOCS,
    'https://www.alibabacloud.com/help/en/model-studio/deep-thinking',
    'https://www.alibabacloud.com/help/en/model-studio/context-cache',
    'https://www.alibabacloud.com/help/en/model-studio/partial-mode',
  ],
} as const;

const zhipu = {
  quirks: {
    usageFrame: false,
    userField: 'user_id',
    standardTier: undefined,
    mostStops: 1,
    untaken: [
      ...COMMON,
      'participant-name',
      'prompt-cache-key',
      'seed',
      'logprobs',
      'frequency-penalty',
      'presence-penalty',
      'parallel-tool-calls',
      'tool-choice-none',
      'tool-choice-required',
      'tool-choice-named',
    ],
    choices: false,
    jsonSchema: 'json-object',
    reasoning: 'thinking',
    reasoningHistory: 'reasoning_content',
    documents: undefined,
    models: [{ names: /^glm-5\.([2-9]|\d\d)/, quirks: { efforts: ['low', 'high', 'max'] } }],
  },
  sources: [
    'https://docs.z.ai/api-reference/llm/chat-completion',
    'https://docs.z.ai/guides/overview/concept-param',
    'https://java.agentscope.io/v2/en/integration/model/glm',
  ],
} as const;

export const CHINA: Readonly<Record<string, Preset>> = {
  deepseek: hosted({
    title: 'DeepSeek',
    baseUrl: 'https://api.deepseek.com',
    keyVariable: 'DEEPSEEK_API_KEY',
    owns: /^deepseek-/,
    quirks: {
      operations: ['completion'],
      completions: 'beta',
      userField: 'user_id',
      standardTier: undefined,
      mostStops: 16,
      untaken: [...COMMON, 'seed', 'parallel-tool-calls', 'prompt-cache-key'],
      choices: false,
      jsonSchema: 'json-object',
      reasoning: 'thinking',
      efforts: ['low', 'high', 'max'],
      thinksOrIsForced: true,
      reasoningHistory: 'reasoning_content',
      documents: undefined,
    },
    sources: [
      'https://api-docs.deepseek.com/api/create-chat-completion',
      'https://api-docs.deepseek.com/api/create-completion',
      'https://api-docs.deepseek.com/guides/thinking_mode',
      'https://docs.rs/deepseek-sdk/latest/deepseek_sdk/chat/request/struct.ChatRequest.html',
    ],
    checked: '2026-11-21',
  }),
  dashscope: hosted({
    title: 'Alibaba Cloud Model Studio (Qwen), Beijing',
    baseUrl: 'https://dashscope.aliyuncs.com/compatible-mode/v1',
    owns: /^(qwen|qwq|qvq)/,
    ...dashscope,
  }),
  // The same variable usually holds the key of whichever region one uses, so that it is not there by itself.
  'dashscope-intl': {
    ...hosted({
      title: 'Alibaba Cloud Model Studio (Qwen), Singapore',
      baseUrl: 'https://dashscope-intl.aliyuncs.com/compatible-mode/v1',
      owns: /^(qwen|qwq|qvq)/,
      ...dashscope,
    }),
    discovered: false,
  },
  moonshot: hosted({
    title: 'Moonshot AI (Kimi)',
    baseUrl: 'https://api.moonshot.ai/v1',
    keyVariable: 'MOONSHOT_API_KEY',
    owns: /^(kimi-|moonshot-)/,
    quirks: {
      maxTokensField: 'max_completion_tokens',
      userField: 'safety_identifier',
      standardTier: undefined,
      mostStops: 5,
      untaken: ['verbosity', 'logit-bias', 'logprobs', 'seed', 'parallel-tool-calls'],
      choices: false,
      reasoning: 'thinking',
      thinksOrIsForced: true,
      reasoningHistory: 'reasoning_content',
      prefill: 'partial',
      toolNames: /^[a-zA-Z_][a-zA-Z0-9_-]{2,63}$/,
      imageUrls: false,
      documents: undefined,
      models: [
        {
          names: /^kimi-k([3-9]|\d\d)/,
          quirks: {
            untaken: [
              ...SAMPLING,
              'verbosity',
              'logit-bias',
              'logprobs',
              'seed',
              'parallel-tool-calls',
              'tool-choice-required',
              'tool-choice-named',
            ],
            reasoning: 'effort',
            efforts: ['low', 'high', 'max'],
            thinksOrIsForced: false,
          },
        },
        {
          names: /^kimi-/,
          quirks: { untaken: [...SAMPLING, 'verbosity', 'logit-bias', 'logprobs', 'seed', 'parallel-tool-calls'] },
        },
        { names: /^moonshot-v1/, quirks: { reasoning: 'none', thinksOrIsForced: false } },
      ],
    },
    sources: [
      'https://platform.moonshot.ai/docs/api/chat',
      'https://platform.moonshot.ai/docs/guide/use-kimi-k2-thinking-model',
      'https://github.com/api-evangelist/moonshot-ai/blob/main/openapi/moonshot-ai-chat-api-openapi.yml',
      'https://java.agentscope.io/v2/en/integration/model/kimi',
    ],
  }),
  zhipu: hosted({
    title: 'Zhipu AI (GLM)',
    baseUrl: 'https://open.bigmodel.cn/api/paas/v4',
    keyVariable: 'ZHIPUAI_API_KEY',
    owns: /^glm-/,
    ...zhipu,
  }),
  zai: hosted({
    title: 'Z.ai (GLM outside China)',
    baseUrl: 'https://api.z.ai/api/paas/v4',
    keyVariable: 'ZAI_API_KEY',
    owns: /^glm-/,
    ...zhipu,
  }),
  ark: hosted({
    title: 'Volcano Engine Ark (Doubao)',
    baseUrl: 'https://ark.cn-beijing.volces.com/api/v3',
    keyVariable: 'ARK_API_KEY',
    owns: /^(doubao-|ep-)/,
    quirks: {
      maxTokensField: 'max_completion_tokens',
      userField: undefined,
      untaken: ['verbosity', 'prompt-cache-key', 'seed', 'strict-tools'],
      choices: false,
      reasoning: 'thinking',
      efforts: ['minimal', 'low', 'medium', 'high'],
      reasoningHistory: 'reasoning_content',
      prefill: 'by-itself',
      documents: undefined,
    },
    sources: [
      'https://www.volcengine.com/docs/82379/1494384',
      'https://docs.byteplus.com/en/docs/Byteplus_LAS/Chat_API',
    ],
  }),
};
