import { type TranslationTable, approximated, carried, mapped, refused } from '../../../core/inference/translation.ts';

const CACHED_ANYWAY = mapped('is left out: prefixes are cached without being asked to; presets that take it get it');
const SAMPLING = approximated('is left out where the model takes no sampling options');

/**
 * What OpenAI's chat completions make of every feature. Rows of options that some models take and some do not are
 * approximations, noted only where the model at hand does not take them. What a preset's server does not take is
 * left out with a warning as well.
 * @see https://platform.openai.com/docs/api-reference/chat/create (checked 2026-11-21)
 */
export const OPENAI_TRANSLATION: TranslationTable = {
  'system-prompt': mapped('becomes a system message'),
  'system-mid-conversation': carried('is a system message where it stands'),
  'participant-name': carried('is `name`'),
  prefill: approximated('is the last message, which the model may answer instead of continuing it'),
  'cache-breakpoint': CACHED_ANYWAY,
  'auto-cache': CACHED_ANYWAY,
  'prompt-cache-key': carried('is `prompt_cache_key`'),

  'image-data': carried('is an image part with a data URL'),
  'image-url': carried('is an image part with its URL'),
  'image-file': refused('names a file that was uploaded to another provider; send the image itself or its URL'),
  'image-detail': carried('is `detail`'),
  'document-data': carried('is a file part; plain text becomes a text part'),
  'document-url': refused('names a document by its URL, which chat completions do not take; send the document itself'),
  'document-text': mapped('becomes a text part'),
  'document-file': refused('names a file that was uploaded to another provider; send the document itself'),
  'document-title': mapped('is the name of the file, or a line before the text'),
  'document-context': mapped('is a line before the document'),
  'document-citations': approximated('is left out: chat completions do not cite documents'),
  'audio-input': carried('is an audio part'),
  'refusal-history': carried('is `refusal`'),
  'reasoning-history': approximated('is left out where the server does not take reasoning back'),
  'reasoning-signature': approximated('is left out: it proves reasoning to another provider'),
  'redacted-reasoning': approximated('is left out: only the provider that sealed it can read it'),

  tools: mapped('have `parameters`; names that OpenAI refuses are replaced, and put back in answers'),
  'strict-tools': approximated('is left out where its schema is not of the kind that OpenAI holds a model to'),
  'tool-without-parameters': mapped('takes an object without properties'),
  'tool-choice-auto': carried('is `tool_choice: auto`'),
  'tool-choice-none': carried('is `tool_choice: none`'),
  'tool-choice-required': mapped('is `tool_choice: required`'),
  'tool-choice-named': mapped('is `tool_choice` with the name of the function'),
  'tool-choice-allowed': mapped('leaves the other tools out of the request'),
  'parallel-tool-calls': mapped('is `parallel_tool_calls`'),
  'tool-arguments-not-json': carried('stay the text that they are'),
  'tool-call-id': mapped('is replaced where it is longer, or of another form, than the provider takes'),
  'tool-result-image': approximated("is sent in a user's message behind the results: they take text alone"),
  'tool-result-document': approximated("is sent in a user's message behind the results: they take text alone"),
  'tool-result-error': mapped('stands in the text of the result, which then begins with "Error:"'),

  'max-output-tokens': approximated("is lowered to the model's own limit where it is over that"),
  temperature: SAMPLING,
  'top-p': SAMPLING,
  'top-k': approximated('is left out: OpenAI has no such option'),
  stop: approximated('is cut to the first four, which is as many as OpenAI takes'),
  seed: carried('is `seed`'),
  'frequency-penalty': SAMPLING,
  'presence-penalty': SAMPLING,
  'logit-bias': SAMPLING,
  logprobs: carried('is `logprobs`'),
  choices: carried('is `n`'),
  'json-object': carried('is `response_format: json_object`'),
  'json-schema': approximated('is not held to: the schema is not of the kind that OpenAI holds a model to'),
  'reasoning-effort': approximated('is kept as near as the model allows'),
  'reasoning-budget': approximated('becomes the nearest effort, or is left out where the model does not think'),
  'reasoning-adaptive': mapped(
    'is what models do that are not told how much to think; one that may not think unasked is asked for medium effort',
  ),
  'reasoning-off': approximated('becomes the least effort that the model has'),
  'reasoning-display': mapped('is done by the gateway: reasoning is shown or not'),
  verbosity: carried('is `verbosity`'),
  'service-tier': mapped('is `service_tier`; `standard_only` is `default`'),
  user: mapped('is `safety_identifier`, or `user` for servers other than OpenAI; long ids are hashed'),

  streaming: carried('is `stream`'),
  'usage-frame': carried('is `stream_options.include_usage`'),
};
