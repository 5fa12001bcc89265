/**
 * Fields that steer how an answer comes about or is kept, and that have no equal elsewhere: each is left out with these
 * words behind its name.
 */
export const LEFT_OUT = {
  metadata: 'is kept with the trace and not sent on: other providers store no answers to tell apart by it',
  store: 'is left out: other providers store no answers',
  prediction: 'is left out: other providers do not speed up by predicted text',
  prompt_cache_retention: 'is left out: other providers have lifetimes of their own for what they cache',
  'prompt_cache_options.ttl': "is left out: what is cached lives as long as the provider's own default",
  'stream_options.include_obfuscation': 'is left out: frames are not padded to one size',
  function_call: 'is left out: it goes with `functions`, and the request has none',
  tool_choice: 'is left out: it goes with `tools`, and the request has `functions`',
  parallel_tool_calls: 'is left out: it goes with `tools`, and the request has `functions`',
  max_tokens: 'is left out: `max_completion_tokens` counts',
  'messages[].content[].input_audio.cache_control': 'is left out: no cache breakpoint can stand on audio',
} as const;

/** Fields that decide what an answer is or has in it, and that only OpenAI serves. Each names what it cannot do. */
export const REFUSED = {
  modalities: 'asks for spoken answers, which can only be had from a model that is served under this API',
  audio: 'asks for spoken answers, which can only be had from a model that is served under this API',
  web_search_options: "cannot be used: the search is OpenAI's own, and the model is not served by OpenAI",
  moderation: 'cannot be used: the moderation is made by OpenAI, and the model is not served by OpenAI',
  'messages[].audio': 'names a spoken answer that only the provider that gave it knows; send what it said as `content`',
  'messages[].tool_calls[].custom': 'is a call of a custom tool, which has no equal elsewhere',
  'tools[].custom': 'is a custom tool, which has no equal elsewhere; make it a function with one string parameter',
  'tool_choice.custom': 'names a custom tool, which has no equal elsewhere',
} as const;

/** A tool that is neither a function nor custom. */
export const UNKNOWN_TOOL = 'is a tool of a type that has no equal elsewhere; function tools are translated';

/** A content part that is none of OpenAI's. */
export const UNKNOWN_PART = 'is a content part of a type that the gateway does not know, so it cannot translate it';
