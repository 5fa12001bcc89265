import { type TranslationTable, approximated, carried, mapped, refused } from '../../../core/inference/translation.ts';

const NO_OPTION = approximated('is left out: Anthropic has no such option');

/**
 * What Anthropic's messages protocol makes of every feature. Rows of options that some models take and some do not
 * are approximations, noted only where the model at hand does not take them.
 * @see https://platform.claude.com/docs/en/api/messages (checked 2026-11-21)
 */
export const ANTHROPIC_TRANSLATION: TranslationTable = {
  'system-prompt': mapped('becomes `system`'),
  'system-mid-conversation': approximated(
    'is moved to the end of the system prompt, where it holds for the whole conversation',
  ),
  'participant-name': approximated('is left out: Anthropic does not tell participants apart'),
  prefill: approximated('loses the whitespace at its end, which Anthropic refuses'),
  'cache-breakpoint': approximated('is left out where it is over four, which is as many as Anthropic takes'),
  'auto-cache': carried('is `cache_control` on top of the request'),
  'prompt-cache-key': approximated('is left out: Anthropic finds cached prefixes itself'),

  'image-data': carried('is an image block; JPEG, PNG, GIF and WebP are taken, others refused'),
  'image-url': carried('is an image block with a URL'),
  'image-file': refused('names a file that was uploaded to another provider; send the image itself or its URL'),
  'image-detail': NO_OPTION,
  'document-data': carried('is a document block; PDF and plain text are taken, others refused'),
  'document-url': carried('is a document block with a URL'),
  'document-text': carried('is a document block of plain text'),
  'document-file': refused('names a file that was uploaded to another provider; send the document itself or its URL'),
  'document-title': approximated('is cut to the 500 characters that Anthropic takes'),
  'document-context': carried('is `context`'),
  'document-citations': carried('is `citations`'),
  'audio-input': refused('is audio, which Anthropic does not take'),
  'refusal-history': mapped("is sent as the assistant's text"),
  'reasoning-history': approximated('is left out where it has no signature of Anthropic to prove it'),
  'reasoning-signature': carried('stands in its thinking block'),
  'redacted-reasoning': carried('is a redacted thinking block'),

  tools: mapped('have `input_schema`; names that Anthropic refuses are replaced, and put back in answers'),
  'strict-tools': approximated(
    'is left out where the schema, or the model, does not go with strict tools of Anthropic',
  ),
  'tool-without-parameters': mapped('takes an object without properties'),
  'tool-choice-auto': carried('is `tool_choice: auto`'),
  'tool-choice-none': carried('is `tool_choice: none`'),
  'tool-choice-required': mapped('is `tool_choice: any`'),
  'tool-choice-named': mapped('is `tool_choice: tool`'),
  'tool-choice-allowed': mapped('leaves the other tools out of the request'),
  'parallel-tool-calls': mapped('is `disable_parallel_tool_use`, turned round'),
  'tool-arguments-not-json': approximated(
    'are sent as the only member of an object, since Anthropic takes objects only',
  ),
  'tool-call-id': mapped('is replaced where it has characters that Anthropic refuses, or stands for two calls'),
  'tool-result-image': carried('is an image block in the result'),
  'tool-result-document': carried('is a document block in the result'),
  'tool-result-error': carried('is `is_error`'),

  'max-output-tokens': carried(
    "is `max_tokens`; where the client says none, it is the model's output limit, or 4096 where that is not known",
  ),
  temperature: approximated('is lowered to 1, the highest that Anthropic takes'),
  'top-p': approximated('is left out: Anthropic takes either temperature or top_p'),
  'top-k': approximated('is left out: the model does not take it'),
  stop: approximated('loses sequences of whitespace alone, which Anthropic refuses'),
  seed: NO_OPTION,
  'frequency-penalty': NO_OPTION,
  'presence-penalty': NO_OPTION,
  'logit-bias': NO_OPTION,
  logprobs: refused('asks for log probabilities, which Anthropic does not give'),
  choices: mapped('is asked for by as many requests'),
  'json-object': approximated(
    'is asked for in the system prompt and not enforced: Anthropic has no JSON mode without a schema',
  ),
  'json-schema': approximated('is not held to by every rule of the schema'),
  'reasoning-effort': approximated('is kept as near as the model allows'),
  'reasoning-budget': approximated('is kept as near as the model allows'),
  'reasoning-adaptive': approximated('is kept as near as the model allows'),
  'reasoning-off': approximated('is left out: the model always thinks'),
  'reasoning-display': approximated('is left out where the model is not asked to think'),
  verbosity: NO_OPTION,
  'service-tier': approximated('is left out: Anthropic has no equal of it'),
  user: mapped(
    'is `metadata.user_id`; email addresses, phone numbers and long ids are hashed, since Anthropic refuses them',
  ),

  streaming: carried('is `stream`'),
  'usage-frame': mapped('is made of the usage that Anthropic reports in every stream'),
};
