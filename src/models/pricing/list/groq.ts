import { listed } from './listed.ts';

/** Groq. */
export const GROQ_PRICES = listed('groq', {
  'https://console.groq.com/docs/model/llama-guard-3-8b': [{ model: 'llama-guard-3-8b', input: 0.2, output: 0.2 }],
  'https://console.groq.com/docs/models': [{ model: 'meta-llama/llama-prompt-guard-2-22m', input: 0.03, output: 0.03 }],
  'https://console.groq.com/docs/model/meta-llama/llama-prompt-guard-2-86m': [
    { model: 'meta-llama/llama-prompt-guard-2-86m', input: 0.04, output: 0.04 },
  ],
  'https://console.groq.com/docs/model/qwen/qwen3.8-27b': [{ model: 'qwen/qwen3.8-27b', input: 0.8, output: 4 }],
});
