import { type TranslationTable, approximated, carried, mapped, refused } from '../../../core/inference/translation.ts';

const NO_OPTION = approximated('is left out: Cohere has no such option');
const CACHED_ANYWAY = mapped('is left out: Cohere caches prefixes without being asked to');

/**
 * What Cohere's chat (version 2) makes of every feature. Rows of options that some models take and some do not are
 * approximations, noted only where the model at hand does not take them.
 * @see https://docs.cohere.com/reference/chat (read in the types of cohere-ai 8.1.0, checked 2026-11-21)
 */
export const COHERE_TRANSLATION: TranslationTable = {
  'system-prompt': mapped('becomes one system message'),
  'system-mid-conversation': approximated(
    'is moved to the end of the system message, where it holds for the whole conversation',
  ),
  'participant-name': approximated('is left out: Cohere does not tell participants apart'),
  prefill: approximated('is the last message, which Cohere may refuse, or answer instead of continuing it'),
  'cache-breakpoint': CACHED_ANYWAY,
  'auto-cache': CACHED_ANYWAY,
  'prompt-cache-key': CACHED_ANYWAY,

  'image-data': carried('is an image part with a data URL'),
  'image-url': carried('is an image part with its URL'),
  'image-file': refused('names a file that was uploaded to another provider; send the image itself or its URL'),
  'image-detail': approximated('is left out: Cohere knows auto, low and high'),
  'document-data': refused("is a document, of which Cohere's chat reads plain text alone; send its text"),
  'document-url': refused('names a document by its URL, which Cohere does not take; send its text'),
  'document-text': mapped('becomes a text part'),
  'document-file': refused('names a file that was uploaded to another provider; send its text'),
  'document-title': mapped('is a line before the text'),
  'document-context': mapped('is a line before the text'),
  'document-citations': approximated('is left out: a text in a message is not cited'),
  'audio-input': refused('is audio, which Cohere does not take'),
  'refusal-history': mapped("is sent as the assistant's text"),
  'reasoning-history': approximated(
    'is left out where the model is not known to think; beside tool calls it is `tool_plan`',
  ),
  'reasoning-signature': approximated('is left out: it proves reasoning to another provider'),
  'redacted-reasoning': approximated('is left out: only the provider that sealed it can read it'),

  tools: mapped('have `parameters`; names that Cohere may refuse are replaced, and put back in answers'),
  'strict-tools': approximated(
    'is left out: Cohere holds calls to all tools of a request or to none, and each has to have a required parameter',
  ),
  'tool-without-parameters': mapped('takes an object without properties'),
  'tool-choice-auto': mapped('is what leaving it out means'),
  'tool-choice-none': mapped('is `tool_choice: NONE`'),
  'tool-choice-required': mapped('is `tool_choice: REQUIRED`'),
  'tool-choice-named': mapped('leaves the other tools out of the request, and is `tool_choice: REQUIRED`'),
  'tool-choice-allowed': mapped('leaves the other tools out of the request'),
  'parallel-tool-calls': NO_OPTION,
  'tool-arguments-not-json': carried('stay the text that they are'),
  'tool-call-id': carried('is the id of the call and of its result'),
  'tool-result-image': approximated("is sent in a user's message behind the results: they take text alone"),
  'tool-result-document': mapped('is a document in the result; plain text is taken, others refused'),
  'tool-result-error': mapped('stands in the text of the result, which then begins with "Error:"'),

  'max-output-tokens': approximated("is lowered to the model's own limit where it is over that"),
  temperature: approximated('is lowered to 1, the highest that Cohere takes'),
  'top-p': mapped('is `p`, between 0.01 and 0.99'),
  'top-k': approximated('is lowered to 500, the highest that Cohere takes'),
  stop: approximated('is cut to the first five, which is as many as Cohere takes'),
  seed: carried('is `seed`'),
  'frequency-penalty': approximated('is kept between 0 and 1, which is what Cohere takes'),
  'presence-penalty': approximated(
    'is kept between 0 and 1, which is what Cohere takes, and left out beside a frequency penalty',
  ),
  'logit-bias': NO_OPTION,
  logprobs: refused('asks for log probabilities, which are not translated from what Cohere gives'),
  choices: mapped('is asked for by as many requests'),
  'json-object': approximated(
    'is asked for in the system message and not enforced: Cohere has no JSON mode beside tools',
  ),
  'json-schema': approximated(
    'is asked for in the system message and not enforced: the schema is not of the kind that Cohere holds a model to',
  ),
  'reasoning-effort': approximated('becomes a number of tokens to think with'),
  'reasoning-budget': approximated('is left out: the model is not known to think'),
  'reasoning-adaptive': approximated('is left out: the model is not known to think'),
  'reasoning-off': mapped('is `thinking: disabled`, or nothing for a model that is not known to think'),
  'reasoning-display': mapped('is done by the gateway: reasoning is shown or not'),
  verbosity: NO_OPTION,
  'service-tier': approximated('is left out: Cohere has one tier'),
  user: NO_OPTION,

  streaming: carried('is `stream`'),
  'usage-frame': mapped('is made of the usage that Cohere reports in every stream'),
};
