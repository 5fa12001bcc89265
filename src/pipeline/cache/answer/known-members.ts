import type { Dialect } from '../../../core/call.ts';
import { ANYTHING, type Known, NUMBER, TEXT, oneOf } from './members.ts';

/*
 * What answers are known to have, whole ones and the frames of streams: what our events say and every dialect's encoder
 * writes again, and what no client misses, which docs/caching.md names. An answer that has more is given again in the
 * provider's own bytes, or not at all.
 */

const OPENAI_FUNCTION: Known = { name: ANYTHING, arguments: TEXT };

const OPENAI_MESSAGE: Known = {
  role: oneOf('assistant'),
  content: TEXT,
  refusal: TEXT,
  reasoning_content: TEXT,
  tool_calls: { index: ANYTHING, id: ANYTHING, type: oneOf('function'), function: OPENAI_FUNCTION },
  function_call: OPENAI_FUNCTION,
};

const OPENAI: Known = {
  id: ANYTHING,
  object: ANYTHING,
  created: ANYTHING,
  model: ANYTHING,
  system_fingerprint: ANYTHING,
  service_tier: ANYTHING,
  obfuscation: ANYTHING,
  usage: ANYTHING,
  x_groq: { id: ANYTHING, seed: ANYTHING, usage: ANYTHING },
  choices: {
    index: ANYTHING,
    delta: OPENAI_MESSAGE,
    message: OPENAI_MESSAGE,
    // Why it ended is compared where it is known what it called.
    finish_reason: ANYTHING,
    // The token at which vLLM and SGLang stopped; a word is one that the request named.
    stop_reason: NUMBER,
    matched_stop: NUMBER,
    usage: ANYTHING,
  },
};

const ANTHROPIC_BLOCK: Known = {
  type: oneOf('text', 'thinking', 'redacted_thinking', 'tool_use'),
  text: TEXT,
  thinking: TEXT,
  signature: TEXT,
  data: TEXT,
  id: ANYTHING,
  name: ANYTHING,
  input: ANYTHING,
  caller: { type: oneOf('direct') },
};

const ANTHROPIC_MESSAGE: Known = {
  id: ANYTHING,
  type: oneOf('message'),
  role: oneOf('assistant'),
  model: ANYTHING,
  content: ANTHROPIC_BLOCK,
  stop_reason: ANYTHING,
  usage: ANYTHING,
};

const ANTHROPIC_FRAME: Known = {
  type: oneOf(
    'message_start',
    'content_block_start',
    'content_block_delta',
    'content_block_stop',
    'message_delta',
    'message_stop',
    'ping',
  ),
  index: ANYTHING,
  message: ANTHROPIC_MESSAGE,
  content_block: ANTHROPIC_BLOCK,
  delta: {
    type: oneOf('text_delta', 'thinking_delta', 'signature_delta', 'input_json_delta'),
    text: TEXT,
    thinking: TEXT,
    signature: TEXT,
    partial_json: TEXT,
    stop_reason: ANYTHING,
  },
  usage: ANYTHING,
};

const GEMINI: Known = {
  candidates: {
    index: ANYTHING,
    content: {
      role: oneOf('model'),
      parts: {
        text: TEXT,
        thought: ANYTHING,
        thoughtSignature: TEXT,
        functionCall: { id: ANYTHING, name: ANYTHING, args: ANYTHING },
      },
    },
    finishReason: ANYTHING,
    safetyRatings: ANYTHING,
  },
  usageMetadata: ANYTHING,
  modelVersion: ANYTHING,
  responseId: ANYTHING,
  createTime: ANYTHING,
};

/** With what it repeats of its request, which is written anew from the request. */
const RESPONSE_MEMBERS =
  'id object created_at completed_at status model usage billing background instructions max_output_tokens ' +
  'max_tool_calls metadata parallel_tool_calls previous_response_id prompt prompt_cache_key prompt_cache_retention ' +
  'reasoning safety_identifier service_tier store temperature text tool_choice tools top_logprobs top_p truncation ' +
  'user presence_penalty frequency_penalty';

const RESPONSE: Known = {
  ...Object.fromEntries(RESPONSE_MEMBERS.split(' ').map((name) => [name, ANYTHING])),
  output: {
    // Reasoning that shows nothing is nothing to write.
    type: oneOf('message', 'function_call', 'reasoning'),
    id: ANYTHING,
    status: ANYTHING,
    role: oneOf('assistant'),
    content: { type: oneOf('output_text'), text: TEXT },
    call_id: ANYTHING,
    name: ANYTHING,
    arguments: TEXT,
  },
};

/** Of answers in one piece. */
export const KNOWN_IN_WHOLE: Readonly<Record<Dialect, Known>> = {
  openai: OPENAI,
  responses: RESPONSE,
  anthropic: ANTHROPIC_MESSAGE,
  gemini: GEMINI,
};

/** Of the frames of a stream. Those of responses are always kept as they came: the last one has it all. */
export const KNOWN_IN_FRAMES: Readonly<Record<Dialect, Known>> = {
  openai: OPENAI,
  responses: {},
  anthropic: ANTHROPIC_FRAME,
  gemini: GEMINI,
};
