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
    healthPath: '/health',
    quirks: ENGINE,
    sources: [VLLM_DOCS, 'https://docs.vllm.ai/en/latest/features/reasoning_outputs.html'],
  }),
  sglang: selfHosted({
    title: 'SGLang',
    baseUrl: 'http://127.0.0.1:30000/v1',
    healthPath: '/health',
    // Its audio parts are `audio_url`, and `strict` of a tool counts.
    quirks: { ...ENGINE, untaken: ['verbosity', 'prompt-cache-key', 'audio-input'] },
    sources: [
      'https://github.com/sgl-project/sglang/blob/main/python/sglang/srt/entrypoints/openai/protocol.py',
      'https://docs.sglang.io/advanced_features/separate_reasoning.html',
      'https://github.com/sgl-project/sglang/pull/4226',
    ],
    checked: '2026-11-21',
  }),
  // It serves with vLLM.
  'ray-serve': selfHosted({
    title: 'Ray Serve LLM',
    baseUrl: 'http://127.0.0.1:8000/v1',
    quirks: ENGINE,
    sources: ['https://docs.ray.io/en/latest/serve/llm/index.html', VLLM_DOCS],
    checked: '2026-11-21',
  }),
  tgi: selfHosted({
    title: 'Text Generation Inference',
    baseUrl: 'http://127.0.0.1:8080/v1',
    healthPath: '/health',
    quirks: {
      ...ENGINE,
      topK: false,
      // As many as it was started with; that many unless it is told.
      mostStops: 4,
      choices: false,
      untaken: [...HOUSEKEEPING, 'logit-bias', 'parallel-tool-calls'],
      jsonSchema: 'json-object-value',
      jsonObject: false,
      reasoning: 'none',
      reasoningHistory: undefined,
      thinkTags: true,
    },
    sources: [
      'https://github.com/huggingface/text-generation-inference/blob/main/docs/openapi.json',
      'https://huggingface.co/docs/text-generation-inference/basic_tutorials/using_guidance',
      'https://github.com/huggingface/text-generation-inference/pull/2733',
    ],
    checked: '2026-11-21',
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
    checked: '2026-11-21',
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
    checked: '2026-11-21',
  }),
  lmstudio: selfHosted({
    title: 'LM Studio',
    baseUrl: 'http://127.0.0.1:1234/v1',
    quirks: {
      ...ENGINE,
      responses: true,
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
      'https://lmstudio.ai/docs/developer/api-changelog',
      'https://lmstudio.ai/blog/lmstudio-v0.3.29',
    ],
    checked: '2026-11-21',
  }),
  llamacpp: selfHosted({
    title: "llama.cpp's server",
    baseUrl: 'http://127.0.0.1:8080/v1',
    healthPath: '/health',
    quirks: {
      ...ENGINE,
      // It has `n`, up to as many as it has slots, which is not known here.
      choices: false,
      untaken: [...HOUSEKEEPING, 'tool-choice-named'],
      oneCallByDefault: true,
      prefill: 'by-itself',
    },
    sources: [
      'https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md',
      'https://github.com/ggml-org/llama.cpp/blob/master/tools/server/server-common.cpp',
      'https://github.com/ggml-org/llama.cpp/blob/master/tools/server/server-schema.cpp',
    ],
    checked: '2026-11-21',
  }),
};
