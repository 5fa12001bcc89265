import { type TranslationTable, approximated, carried, mapped, refused } from '../../../core/inference/translation.ts';

const NO_OPTION = approximated('is left out: Gemini has no such option');
const CACHED_ANYWAY = mapped('is left out: Gemini caches prefixes without being asked to');
const UNTHINKING = 'is left out: the model does not think';

/**
 * What Google's Gemini protocol makes of every feature. Rows of options that some models take and some do not are
 * approximations, noted only where the model at hand does not take them.
 * @see https://ai.google.dev/api/generate-content (read in the types of @google/genai 3.1.0, checked 2026-11-21)
 */
export const GEMINI_TRANSLATION: TranslationTable = {
  'system-prompt': mapped('becomes `systemInstruction`'),
  'system-mid-conversation': approximated(
    'is moved to the end of the system instruction, where it holds for the whole conversation',
  ),
  'participant-name': approximated('is left out: Gemini does not tell participants apart'),
  prefill: approximated("is the model's last turn, after which Gemini may begin anew instead of continuing it"),
  'cache-breakpoint': CACHED_ANYWAY,
  'auto-cache': CACHED_ANYWAY,
  'prompt-cache-key': CACHED_ANYWAY,

  'image-data': carried('is `inlineData`; JPEG, PNG, WebP, HEIC and HEIF are taken, others refused'),
  'image-url': mapped('is `fileData` with its URL, which Google fetches; the type is what its ending says, or JPEG'),
  'image-file': refused('names a file that was uploaded to another provider; send the image itself or its URL'),
  'image-detail': NO_OPTION,
  'document-data': carried('is `inlineData`'),
  'document-url': mapped('is `fileData` with its URL, which Google fetches; the type is what its ending says, or PDF'),
  'document-text': mapped('becomes a text part'),
  'document-file': refused('names a file that was uploaded to another provider; send the document itself or its URL'),
  'document-title': mapped('is a text part before it'),
  'document-context': mapped('is a text part before it'),
  'document-citations': approximated('is left out: Gemini does not cite documents of the prompt'),
  'audio-input': carried('is `inlineData`'),
  'refusal-history': mapped("is sent as the model's text"),
  'reasoning-history': approximated('is left out where it has no signature of Gemini'),
  'reasoning-signature': approximated(
    'is left out where another provider made it; the first tool call of a step that has none gets the placeholder that Google documents',
  ),
  'redacted-reasoning': approximated('is left out: only the provider that sealed it can read it'),

  tools: mapped('have `parametersJsonSchema`; names that Gemini refuses are replaced, and put back in answers'),
  'strict-tools': mapped('is the calling mode `VALIDATED`, which holds for all tools of the request'),
  'tool-without-parameters': mapped('has no schema'),
  'tool-choice-auto': mapped('is the calling mode `AUTO`'),
  'tool-choice-none': mapped('is the calling mode `NONE`'),
  'tool-choice-required': mapped('is the calling mode `ANY`'),
  'tool-choice-named': mapped('is the calling mode `ANY` with `allowedFunctionNames`'),
  'tool-choice-allowed': mapped('is `allowedFunctionNames`, or leaves the other tools out where no call is demanded'),
  'parallel-tool-calls': NO_OPTION,
  'tool-arguments-not-json': approximated('are sent as the only member of an object, since Gemini takes objects only'),
  'tool-call-id': carried('is the id of the call and of its result; Vertex AI tells them by their order'),
  'tool-result-image': approximated("is sent in the user's message behind the results"),
  'tool-result-document': approximated("is sent in the user's message behind the results"),
  'tool-result-error': mapped('is `error` in place of `output`'),

  'max-output-tokens': carried('is `maxOutputTokens`, which counts what the model thinks as well'),
  temperature: carried('is `temperature`'),
  'top-p': carried('is `topP`'),
  'top-k': carried('is `topK`'),
  stop: approximated('is cut to the first five, which is as many as Gemini takes'),
  seed: approximated('is left out: Gemini takes whole numbers of 32 bits'),
  'frequency-penalty': approximated('is left out: the model does not take it'),
  'presence-penalty': approximated('is left out: the model does not take it'),
  'logit-bias': NO_OPTION,
  logprobs: refused('asks for log probabilities, which are not translated from what Gemini gives'),
  choices: mapped('is asked for by as many requests'),
  'json-object': approximated(
    'is asked for in the system instruction and not enforced: this model does not go with that beside these tools',
  ),
  'json-schema': approximated('is not held to by every rule of the schema'),
  'reasoning-effort': approximated('is kept as near as the model allows'),
  'reasoning-budget': approximated('is kept as near as the model allows'),
  'reasoning-adaptive': approximated(UNTHINKING),
  'reasoning-off': approximated('is kept as near as the model allows'),
  'reasoning-display': approximated(UNTHINKING),
  verbosity: NO_OPTION,
  'service-tier': approximated('is left out: Google has no equal of it here'),
  user: NO_OPTION,

  streaming: mapped('is another path'),
  'usage-frame': mapped('is made of the usage that Gemini reports in every stream'),
};
