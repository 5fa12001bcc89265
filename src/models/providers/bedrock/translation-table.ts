import { type TranslationTable, approximated, carried, mapped, refused } from '../../../core/inference/translation.ts';

const NO_OPTION = approximated('is left out: Converse has no such option');

/**
 * What Bedrock's Converse makes of every feature. Rows of options that some models take and some do not are
 * approximations, noted only where the model at hand does not take them.
 * @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html (checked 2026-11-21 in the types of @aws-sdk/client-bedrock-runtime 3.1163)
 */
export const CONVERSE_TRANSLATION: TranslationTable = {
  'system-prompt': mapped('becomes `system`'),
  'system-mid-conversation': approximated(
    'is moved to the end of the system prompt, where it holds for the whole conversation',
  ),
  'participant-name': approximated('is left out: Converse does not tell participants apart'),
  prefill: approximated('loses the whitespace at its end, which models refuse'),
  'cache-breakpoint': approximated('is left out where it is over four, which is as many as Bedrock takes'),
  'auto-cache': mapped('is a `cachePoint` at the end of the last message'),
  'prompt-cache-key': approximated('is left out: Bedrock finds cached prefixes itself'),

  'image-data': carried('is an image block; JPEG, PNG, GIF and WebP are taken, others refused'),
  'image-url': refused('is an address, and Bedrock fetches none; send the image itself'),
  'image-file': refused('names a file that was uploaded to another provider; send the image itself'),
  'image-detail': NO_OPTION,
  'document-data': carried(
    'is a document block; PDF, CSV, Word, Excel, HTML, plain text and Markdown are taken, others refused',
  ),
  'document-url': refused('is an address, and Bedrock fetches none; send the document itself'),
  'document-text': mapped('is a document block in the format `txt`'),
  'document-file': refused('names a file that was uploaded to another provider; send the document itself'),
  'document-title': approximated(
    'is written in the characters that Bedrock takes, at most 200 of them, and so that no two documents have the same',
  ),
  'document-context': carried('is `context`'),
  'document-citations': carried('is `citations`'),
  'audio-input': carried('is an audio block, which models that do not hear refuse'),
  'refusal-history': mapped("is sent as the assistant's text"),
  'reasoning-history': approximated('is left out where it has no signature of Bedrock to prove it'),
  'reasoning-signature': carried('stands in its reasoning block, where Bedrock gave it'),
  'redacted-reasoning': carried('is `redactedContent`, where it came from Bedrock'),

  tools: mapped('have `inputSchema`; names that Bedrock refuses are replaced, and put back in answers'),
  'strict-tools': approximated('is left out where the schema, or the model, does not go with strict tools of Bedrock'),
  'tool-without-parameters': mapped('takes an object without properties'),
  'tool-choice-auto': mapped('is what Converse does by itself'),
  'tool-choice-none': approximated(
    'leaves the tools out of the request; where there were calls before, their tools stay and a warning says so',
  ),
  'tool-choice-required': mapped('is `toolChoice: any`'),
  'tool-choice-named': mapped('is `toolChoice: tool`'),
  'tool-choice-allowed': mapped('leaves the other tools out of the request'),
  'parallel-tool-calls': approximated('is left out: only Claude can be told to make one call at a time'),
  'tool-arguments-not-json': approximated(
    'are sent as the only member of an object, since Converse takes objects only',
  ),
  'tool-call-id': mapped('is replaced where it has characters that Bedrock refuses, or stands for two calls'),
  'tool-result-image': carried('is an image block in the result'),
  'tool-result-document': carried('is a document block in the result'),
  'tool-result-error': approximated('is left out: only Claude and Nova can be told that a tool failed'),

  'max-output-tokens': carried("is `maxTokens`; where the client says none, the model's own limit holds"),
  temperature: approximated('is lowered to 1, the highest that Converse takes'),
  'top-p': approximated('is left out: the model takes either temperature or top_p'),
  'top-k': approximated('is left out: the model does not take it'),
  stop: approximated('loses sequences of whitespace alone, which Claude refuses'),
  seed: NO_OPTION,
  'frequency-penalty': NO_OPTION,
  'presence-penalty': NO_OPTION,
  'logit-bias': NO_OPTION,
  logprobs: refused('asks for log probabilities, which Converse does not give'),
  choices: mapped('is asked for by as many requests'),
  'json-object': approximated(
    'is asked for in the system prompt and not enforced: Converse has no JSON mode without a schema',
  ),
  'json-schema': approximated('is not held to by every rule of the schema'),
  'reasoning-effort': approximated('is kept as near as the model allows'),
  'reasoning-budget': approximated('is kept as near as the model allows'),
  'reasoning-adaptive': approximated('is kept as near as the model allows'),
  'reasoning-off': approximated('becomes the least that the model has'),
  'reasoning-display': approximated('is left out where the model is not asked to think'),
  verbosity: NO_OPTION,
  'service-tier': approximated('is left out: Bedrock has no equal of it'),
  user: mapped('is `requestMetadata.user`; ids that Bedrock refuses are hashed'),

  streaming: mapped('is ConverseStream'),
  'usage-frame': mapped('is made of the usage that Bedrock reports in every stream'),
};
