import type { Feature } from '../../../../core/inference/features.ts';
import type { ServerQuirks } from '../../openai/quirks.ts';
import { type Preset, selfHosted } from './preset.ts';

/** What only OpenAI and its likes have: these servers pass over it in silence. */
const HOUSEKEEPING: readonly Feature[] = ['verbosity', 'prompt-cache-key', 'strict-tools'];

const ENGINE: Partial<ServerQuirks> = {
  userField: undefined,
  standardTier: undefined,
  mostStops: Number.POSITIVE_INFINITY,
  untaken: HOUSEKEEPING,
  topK: true,
  reasoning: 'chat_template',
  reasoningHistory: 'reasoning_content',
  prefill: 'continue_final_message',
  documents: undefined,
};

const VLLM_DOCS = 'https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html';

export const SELF_HOSTED: Readonly<Record<string, Preset>> = {
  vllm: selfHosted({
    title: 'vLLM',
    baseUrl: 'http://127.0.0.1:8000/v1',
    quirks: ENGINE,
    sources: [VLLM_DOCS, 'https://docs.vllm.ai/en/latest/features/reasoning_outputs.html'],
  }),
  sglang: selfHosted({
    title: 'SGLang',
    baseUrl: 'http://127.0.0.1:30000/v1',
    quirks: ENGINE,
    sources: [
      'https://docs.sglang.ai/basic_usage/openai_api_completions.html',
      'https://github.com/sgl-project/sglang/pull/4226',
    ],
  }),
  // It serves with vLLM.
  'ray-serve': selfHosted({
    title: 'Ray Serve LLM',
    baseUrl: 'http://127.0.0.1:8000/v1',
    quirks: ENGINE,
    sources: ['https://docs.ray.io/en/latest/serve/llm/index.html', VLLM_DOCS],
  }),
  tgi: selfHosted({
    title: 'Text Generation Inference',
    baseUrl: 'http://127.0.0.1:8080/v1',
    quirks: {
      ...ENGINE,
      topK: false,
      choices: false,
      untaken: [...HOUSEKEEPING, 'logit-bias', 'parallel-tool-calls'],
      jsonSchema: 'json-object-value',
      jsonObject: false,
      reasoning: 'none',
      reasoningHistory: undefined,
      thinkTags: true,
    },
    sources: [
      'https://huggingface.co/docs/text-generation-inference/reference/api_reference',
      'https://huggingface.co/docs/text-generation-inference/basic_tutorials/using_guidance',
      'https://github.com/huggingface/text-generation-inference/pull/2733',
    ],
  }),
  triton: selfHosted({
    title: "TensorRT-LLM and others behind Triton's OpenAI frontend",
    baseUrl: 'http://127.0.0.1:9000/v1',
    quirks: {
      ...ENGINE,
      topK: false,
      choices: false,
      untaken: [...HOUSEKEEPING, 'logit-bias', 'parallel-tool-calls', 'logprobs'],
      reasoning: 'none',
      reasoningHistory: undefined,
      thinkTags: true,
      prefill: undefined,
      imageUrls: false,
    },
    sources: [
      'https://github.com/triton-inference-server/server/blob/main/python/openai/README.md',
      'https://github.com/triton-inference-server/server/blob/main/python/openai/openai_frontend/engine/triton_engine.py',
    ],
  }),
  ollama: selfHosted({
    title: 'Ollama',
    baseUrl: 'http://127.0.0.1:11434/v1',
    quirks: {
      ...ENGINE,
      topK: false,
      choices: false,
      untaken: [
        ...HOUSEKEEPING,
        'logit-bias',
        'parallel-tool-calls',
        'tool-choice-auto',
        'tool-choice-none',
        'tool-choice-required',
        'tool-choice-named',
      ],
      reasoning: 'effort-where-known',
      efforts: ['none', 'low', 'medium', 'high'],
      reasoningHistory: 'reasoning',
      prefill: 'by-itself',
      imageUrls: false,
    },
    sources: [
      'https://docs.ollama.com/api/openai-compatibility',
      'https://github.com/ollama/ollama/blob/main/openai/openai.go',
    ],
  }),
  lmstudio: selfHosted({
    title: 'LM Studio',
    baseUrl: 'http://127.0.0.1:1234/v1',
    quirks: {
      ...ENGINE,
      choices: false,
      untaken: [...HOUSEKEEPING, 'parallel-tool-calls', 'tool-choice-named', 'logprobs'],
      jsonObject: false,
      reasoning: 'none',
      reasoningHistory: undefined,
      thinkTags: true,
      prefill: undefined,
      imageUrls: false,
    },
    sources: [
      'https://lmstudio.ai/docs/developer/openai-compat/chat-completions',
      'https://lmstudio.ai/docs/developer/openai-compat/structured-output',
    ],
  }),
  llamacpp: selfHosted({
    title: "llama.cpp's server",
    baseUrl: 'http://127.0.0.1:8080/v1',
    quirks: {
      ...ENGINE,
      choices: false,
      untaken: [...HOUSEKEEPING, 'tool-choice-named'],
      prefill: 'by-itself',
    },
    sources: ['https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md'],
  }),
};
