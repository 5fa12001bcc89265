import { UNKNOWN_FIELD } from '../decoding/fields.ts';
import { type FieldRow, approximated, carried, feature, mapped, refused } from '../field-table.ts';
import { LOSSES } from './losses.ts';

const PART = 'contents[].parts[]';
const CONFIG = 'generationConfig';
const TEXT = 'is what every model does';

const PATH: readonly FieldRow[] = [
  carried(':generateContent', 'is asked for as a whole answer'),
  feature(':streamGenerateContent', 'streaming', 'usage-frame'),
  carried(
    ':streamGenerateContent without alt=sse',
    'is streamed as server-sent events all the same, which is what the SDKs ask for',
  ),
  carried('model', "names the virtual model or the target; the target's own name of it goes upstream"),
];

const CONTENTS: readonly FieldRow[] = [
  feature('systemInstruction', 'system-prompt'),
  carried('contents[role=user]', 'is a turn of the user'),
  mapped('contents[role=model]', 'is a turn of the assistant; contents of the model that follow each other are one'),
  mapped('contents[role=function]', 'is a turn of the user'),
  feature('contents[role=model] as the last', 'prefill'),
  carried(`${PART}.text`, 'is text everywhere'),
  feature(`${PART}.inlineData (image/…)`, 'image-data'),
  feature(`${PART}.inlineData (audio/…)`, 'audio-input'),
  feature(`${PART}.inlineData (text/…)`, 'document-text'),
  feature(`${PART}.inlineData (application/pdf)`, 'document-data'),
  refused(`${PART}.inlineData (video/…)`, LOSSES.video),
  feature(`${PART}.inlineData.displayName`, 'document-title'),
  feature(`${PART}.fileData (image/…, https:)`, 'image-url'),
  feature(`${PART}.fileData (application/pdf, https:)`, 'document-url'),
  feature(`${PART}.fileData (image/…, at Google)`, 'image-file'),
  feature(`${PART}.fileData (application/pdf, at Google)`, 'document-file'),
  refused(`${PART}.fileData (audio/…)`, LOSSES.audioUrl),
  refused(`${PART}.fileData (video/…)`, LOSSES.video),
  feature(`${PART}.functionCall`, 'tool-call-id'),
  mapped(`${PART}.functionCall without an id`, 'has an id that is made of its place in the conversation'),
  mapped(
    `${PART}.functionResponse`,
    'stands before all else in its turn; without an id it answers the first open call of that function',
  ),
  feature(`${PART}.functionResponse.response.error`, 'tool-result-error'),
  feature(`${PART}.functionResponse.parts[] (image/…)`, 'tool-result-image'),
  feature(`${PART}.functionResponse.parts[] (application/pdf)`, 'tool-result-document'),
  refused(`${PART}.functionResponse.parts[] (audio/…)`, LOSSES.audioResult),
  approximated(`${PART}.functionResponse.willContinue`, LOSSES.scheduling),
  approximated(`${PART}.functionResponse.scheduling`, LOSSES.scheduling),
  feature(`${PART}.thought`, 'reasoning-history'),
  feature(`${PART}.thoughtSignature`, 'reasoning-signature'),
  feature(`${PART}.thoughtSignature of sealed reasoning`, 'redacted-reasoning'),
  approximated(`${PART}.videoMetadata`, LOSSES.partNotes),
  approximated(`${PART}.mediaResolution`, LOSSES.partNotes),
  approximated(`${PART}.mediaProcessing`, LOSSES.partNotes),
  approximated(`${PART}.speechMetadata`, LOSSES.partNotes),
  approximated(`${PART}.partMetadata`, LOSSES.partNotes),
  refused(`${PART}.executableCode`, LOSSES.code),
  refused(`${PART}.codeExecutionResult`, LOSSES.code),
  refused(`${PART}.toolCall`, LOSSES.serverTool),
  refused(`${PART}.toolResponse`, LOSSES.serverTool),
  refused(`${PART}.audioTranscription`, LOSSES.serverTool),
  refused(`${PART} of any other kind`, LOSSES.unknownPart),
];

const TOOLS: readonly FieldRow[] = [
  feature('tools[].functionDeclarations', 'tools'),
  mapped('tools[].functionDeclarations[].parameters', 'is JSON Schema: types in lower case, `nullable` as a type'),
  carried('tools[].functionDeclarations[].parametersJsonSchema', 'is JSON Schema'),
  feature('tools[].functionDeclarations[] without parameters', 'tool-without-parameters'),
  approximated('tools[].functionDeclarations[].response', LOSSES.response),
  approximated('tools[].functionDeclarations[].responseJsonSchema', LOSSES.response),
  approximated('tools[].functionDeclarations[].behavior', LOSSES.behavior),
  refused('tools[] of any other kind', LOSSES.builtInTool),
  feature('toolConfig.functionCallingConfig.mode (AUTO)', 'tool-choice-auto'),
  feature('toolConfig.functionCallingConfig.mode (NONE)', 'tool-choice-none'),
  feature('toolConfig.functionCallingConfig.mode (ANY)', 'tool-choice-required'),
  approximated('toolConfig.functionCallingConfig.mode (VALIDATED)', LOSSES.validated),
  feature('toolConfig.functionCallingConfig.allowedFunctionNames (one, with ANY)', 'tool-choice-named'),
  feature('toolConfig.functionCallingConfig.allowedFunctionNames', 'tool-choice-allowed'),
  approximated('toolConfig.functionCallingConfig.streamFunctionCallArguments', LOSSES.pieces),
  approximated('toolConfig.retrievalConfig', LOSSES.retrieval),
  approximated('toolConfig.includeServerSideToolInvocations', LOSSES.retrieval),
];

const GENERATION: readonly FieldRow[] = [
  feature(`${CONFIG}.maxOutputTokens`, 'max-output-tokens'),
  feature(`${CONFIG}.temperature`, 'temperature'),
  feature(`${CONFIG}.topP`, 'top-p'),
  feature(`${CONFIG}.topK`, 'top-k'),
  feature(`${CONFIG}.stopSequences`, 'stop'),
  feature(`${CONFIG}.seed`, 'seed'),
  feature(`${CONFIG}.frequencyPenalty`, 'frequency-penalty'),
  feature(`${CONFIG}.presencePenalty`, 'presence-penalty'),
  feature(`${CONFIG}.candidateCount`, 'choices'),
  feature(`${CONFIG}.responseLogprobs`, 'logprobs'),
  approximated(`${CONFIG}.logprobs without responseLogprobs`, LOSSES.logprobs),
  carried(`${CONFIG}.responseMimeType (text/plain)`, TEXT),
  feature(`${CONFIG}.responseMimeType (application/json)`, 'json-object'),
  refused(`${CONFIG}.responseMimeType (any other)`, LOSSES.mimeType),
  feature(`${CONFIG}.responseSchema`, 'json-schema'),
  feature(`${CONFIG}.responseJsonSchema`, 'json-schema'),
  refused(`${CONFIG}.responseFormat`, LOSSES.mimeType),
  feature(`${CONFIG}.thinkingConfig.thinkingBudget`, 'reasoning-budget'),
  feature(`${CONFIG}.thinkingConfig.thinkingBudget (-1)`, 'reasoning-adaptive'),
  feature(`${CONFIG}.thinkingConfig.thinkingBudget (0)`, 'reasoning-off'),
  feature(`${CONFIG}.thinkingConfig.thinkingLevel`, 'reasoning-effort'),
  feature(`${CONFIG}.thinkingConfig.includeThoughts`, 'reasoning-display'),
  carried(`${CONFIG}.responseModalities (TEXT)`, TEXT),
  refused(`${CONFIG}.responseModalities (any other)`, LOSSES.modalities),
  approximated(`${CONFIG}.mediaResolution`, LOSSES.mediaResolution),
  approximated(`${CONFIG}.speechConfig`, LOSSES.speech),
  approximated(`${CONFIG}.audioTimestamp`, LOSSES.speech),
  approximated(`${CONFIG}.audioTranscriptionConfig`, LOSSES.speech),
  approximated(`${CONFIG}.enableAffectiveDialog`, LOSSES.speech),
  approximated(`${CONFIG}.translationConfig`, LOSSES.speech),
  approximated(`${CONFIG}.imageConfig`, LOSSES.images),
  approximated(`${CONFIG}.routingConfig`, LOSSES.routing),
  approximated(`${CONFIG}.modelSelectionConfig`, LOSSES.routing),
  approximated(`${CONFIG}.modelConfig`, LOSSES.routing),
  refused(`${CONFIG}.enableEnhancedCivicAnswers`, LOSSES.civic),
];

const OPTIONS: readonly FieldRow[] = [
  approximated('safetySettings', LOSSES.safety),
  refused('cachedContent', LOSSES.cachedContent),
  refused('continuationToken', LOSSES.continuation),
  feature('serviceTier', 'service-tier'),
  approximated('labels', LOSSES.labels),
  approximated('store', LOSSES.store),
  carried('any field in snake_case', 'is the field of that name in camelCase'),
  approximated('any other field, at any depth', UNKNOWN_FIELD),
];

/** Every field of `generateContent`, and what decoding does with it. The action of the path stands first. */
export const GEMINI_FIELDS: readonly FieldRow[] = [...PATH, ...CONTENTS, ...TOOLS, ...GENERATION, ...OPTIONS];
