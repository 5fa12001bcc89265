/**
 * Fields that steer how an answer comes about, and that have no equal elsewhere: each is left out with these words
 * behind its name.
 */
export const LEFT_OUT = {
  truncation: 'is left out: what is too long for the model is refused instead of cut',
  context_management: 'is left out: other providers do not compact a conversation',
  'stream_options.include_obfuscation': 'is left out: frames are not padded to one size',
  'reasoning.mode': 'is left out: other models think in one way',
  'reasoning.context': 'is left out: what a model is shown of earlier reasoning is what the input has of it',
  'input[].phase': 'is left out: other models do not tell remarks on the way from the answer',
  'input[].content[].input_file.detail': 'is left out: other providers read files in one way',
  'input[].namespace': 'is left out: names of tools stand in no namespace elsewhere',
  'input[].caller': 'is left out: other models call tools directly alone',
  'tools[].output_schema': 'is left out: other providers are not told what a tool answers',
  'tools[].defer_loading': 'is left out: the tool is known to the model from the start',
  'tools[].allowed_callers': 'is left out: other models call tools directly alone',
  'include[]': 'is left out: the gateway does not know what it asks for',
} as const;

/** Fields that decide what an answer is or has in it, and that only OpenAI serves. Each names what it cannot do. */
export const REFUSED = {
  background: 'asks for an answer in the background, which only OpenAI serves; send the request without it',
  prompt:
    'names a prompt that is kept by OpenAI, and the model is not served by OpenAI; send its text as `instructions`',
  conversation:
    'names a conversation that is kept by OpenAI, and the model is not served by OpenAI; send its items as `input`',
  moderation: 'cannot be used: the moderation is made by OpenAI, and the model is not served by OpenAI',
  logprobs: 'asks for log probabilities, which are not translated',
  'tools[custom]': 'is a custom tool, which has no equal elsewhere; make it a function with one string parameter',
  'tool_choice[custom]': 'names a custom tool, which has no equal elsewhere',
  'input[item_reference]': 'names an item that is not kept here; send the item itself',
} as const;

/** What refers to an answer that this gateway would have to have kept, and put into the input before decoding. */
export const NOT_KEPT = 'names a response that is not kept here; send its items as `input`';

/** A tool, or the choice of one, that runs at OpenAI. */
export const HOSTED_TOOL =
  'is a tool of a type that only OpenAI serves, and the model is not served by OpenAI; function tools are translated';

/** An item that is none of a conversation with function tools. */
export const UNKNOWN_ITEM =
  'is an item of a type that only OpenAI serves; messages, function calls, their outputs and reasoning are translated';

/** A content part that is none of this API's. */
export const UNKNOWN_PART = 'is a content part of a type that the gateway does not know, so it cannot translate it';
