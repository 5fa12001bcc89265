import { sealForGemini } from '../../src/core/inference/gemini-seal.ts';
import type { Json, JsonObject } from '../../src/core/json.ts';

const HELLO: JsonObject = { role: 'user', parts: [{ text: 'hi' }] };
/** The least that is a request. The model, and whether the answer is streamed, stand in the path. */
export const GEMINI_BASE: JsonObject = { contents: [HELLO] };
const SCHEMA: JsonObject = { type: 'OBJECT', properties: { a: { type: 'STRING' } } };
const FUNCTION: JsonObject = { name: 'f', parameters: SCHEMA };
const TOOLS: JsonObject = { tools: [{ functionDeclarations: [FUNCTION] }] };
const CALL: JsonObject = { functionCall: { id: 'c1', name: 'f', args: {} } };
const RESULT: JsonObject = { id: 'c1', name: 'f', response: { output: 'a' } };
const IMAGE: JsonObject = { mimeType: 'image/png', data: 'iVBORw0KGgo=' };
const PDF: JsonObject = { mimeType: 'application/pdf', data: 'JVBERi0=' };
const AUDIO: JsonObject = { mimeType: 'audio/wav', data: 'AA==' };
const VIDEO: JsonObject = { mimeType: 'video/mp4', data: 'AA==' };
const FILES = 'https://generativelanguage.googleapis.com/v1beta/files';

function says(...parts: Json[]): JsonObject {
  return { contents: [{ role: 'user', parts }] };
}

function said(...parts: Json[]): JsonObject {
  return { contents: [HELLO, { role: 'model', parts }, HELLO] };
}

function file(mimeType: string, fileUri: string): JsonObject {
  return says({ fileData: { mimeType, fileUri } });
}

function result(fields: JsonObject): JsonObject {
  const parts = [{ functionResponse: { ...RESULT, ...fields } }];
  return { contents: [HELLO, { role: 'model', parts: [CALL] }, { role: 'user', parts }] };
}

function resultPart(inlineData: JsonObject): JsonObject {
  return result({ parts: [{ inlineData }] });
}

function declared(fields: JsonObject): JsonObject {
  return { tools: [{ functionDeclarations: [{ ...FUNCTION, ...fields }] }] };
}

function calling(functionCallingConfig: JsonObject): JsonObject {
  return { ...TOOLS, toolConfig: { functionCallingConfig } };
}

function config(generationConfig: JsonObject): JsonObject {
  return { generationConfig };
}

function thinking(thinkingConfig: JsonObject): JsonObject {
  return config({ maxOutputTokens: 4096, thinkingConfig });
}

/**
 * By the field's name in the dialect's table: what makes of {@link GEMINI_BASE} a body that uses it and nothing else
 * that a row speaks of.
 */
export const GEMINI_EXAMPLES: Readonly<Record<string, JsonObject>> = {
  ':generateContent': {},
  ':streamGenerateContent': {},
  ':streamGenerateContent without alt=sse': {},
  model: { model: 'models/m' },
  systemInstruction: { systemInstruction: { parts: [{ text: 'brief' }] } },
  'contents[role=user]': { contents: [HELLO] },
  'contents[role=model]': {
    contents: [HELLO, { role: 'model', parts: [{ text: 'a' }] }, { role: 'model', parts: [{ text: 'b' }] }, HELLO],
  },
  'contents[role=function]': {
    contents: [HELLO, { role: 'model', parts: [CALL] }, { role: 'function', parts: [{ functionResponse: RESULT }] }],
  },
  'contents[role=model] as the last': { contents: [HELLO, { role: 'model', parts: [{ text: '{' }] }] },
  'contents[].parts[].text': says({ text: 'a' }),
  'contents[].parts[].inlineData (image/…)': says({ inlineData: IMAGE }),
  'contents[].parts[].inlineData (audio/…)': says({ inlineData: AUDIO }),
  'contents[].parts[].inlineData (text/…)': says({ inlineData: { mimeType: 'text/plain', data: 'YQ==' } }),
  'contents[].parts[].inlineData (application/pdf)': says({ inlineData: PDF }),
  'contents[].parts[].inlineData (video/…)': says({ inlineData: VIDEO }),
  'contents[].parts[].inlineData.displayName': says({ inlineData: { ...PDF, displayName: 'a.pdf' } }),
  'contents[].parts[].fileData (image/…, https:)': file('image/png', 'https://example.com/a.png'),
  'contents[].parts[].fileData (application/pdf, https:)': file('application/pdf', 'https://example.com/a.pdf'),
  'contents[].parts[].fileData (image/…, at Google)': file('image/png', `${FILES}/a`),
  'contents[].parts[].fileData (application/pdf, at Google)': file('application/pdf', 'gs://bucket/a.pdf'),
  'contents[].parts[].fileData (audio/…)': file('audio/mp3', 'https://example.com/a.mp3'),
  'contents[].parts[].fileData (video/…)': says({ fileData: { fileUri: 'https://www.youtube.com/watch?v=a' } }),
  'contents[].parts[].functionCall': said(CALL),
  'contents[].parts[].functionCall without an id': said({ functionCall: { name: 'f', args: {} } }),
  'contents[].parts[].functionResponse': result({}),
  'contents[].parts[].functionResponse.response.error': result({ response: { error: 'no' } }),
  'contents[].parts[].functionResponse.parts[] (image/…)': resultPart(IMAGE),
  'contents[].parts[].functionResponse.parts[] (application/pdf)': resultPart(PDF),
  'contents[].parts[].functionResponse.parts[] (audio/…)': resultPart(AUDIO),
  'contents[].parts[].functionResponse.willContinue': result({ willContinue: true }),
  'contents[].parts[].functionResponse.scheduling': result({ scheduling: 'SILENT' }),
  'contents[].parts[].thought': said({ text: 'hm', thought: true }, { text: 'a' }),
  'contents[].parts[].thoughtSignature': said({ text: 'a', thoughtSignature: 'AAAA' }),
  'contents[].parts[].thoughtSignature of sealed reasoning': said({
    text: 'a',
    thoughtSignature: sealForGemini([{ type: 'reasoning', text: '', redacted: 'gemini:x' }]),
  }),
  'contents[].parts[].videoMetadata': says({ inlineData: IMAGE, videoMetadata: { fps: 1 } }),
  'contents[].parts[].mediaResolution': says({ inlineData: IMAGE, mediaResolution: { level: 'MEDIA_RESOLUTION_LOW' } }),
  'contents[].parts[].mediaProcessing': says({ inlineData: IMAGE, mediaProcessing: {} }),
  'contents[].parts[].speechMetadata': says({ text: 'a', speechMetadata: { speaker: 'ann' } }),
  'contents[].parts[].partMetadata': says({ text: 'a', partMetadata: { a_b: 1 } }),
  'contents[].parts[].executableCode': said({ executableCode: { language: 'PYTHON', code: '1' } }),
  'contents[].parts[].codeExecutionResult': said({ codeExecutionResult: { outcome: 'OUTCOME_OK', output: '1' } }),
  'contents[].parts[].toolCall': said({ toolCall: { id: 'a', toolType: 'GOOGLE_SEARCH_WEB' } }),
  'contents[].parts[].toolResponse': said({ toolResponse: { id: 'a', toolType: 'GOOGLE_SEARCH_WEB' } }),
  'contents[].parts[].audioTranscription': says({ audioTranscription: { text: 'a' } }),
  'contents[].parts[] of any other kind': says({ hologram: {} }),
  'tools[].functionDeclarations': TOOLS,
  'tools[].functionDeclarations[].parameters': TOOLS,
  'tools[].functionDeclarations[].parametersJsonSchema': {
    tools: [{ functionDeclarations: [{ name: 'f', parametersJsonSchema: { type: 'object' } }] }],
  },
  'tools[].functionDeclarations[] without parameters': { tools: [{ functionDeclarations: [{ name: 'f' }] }] },
  'tools[].functionDeclarations[].response': declared({ response: SCHEMA }),
  'tools[].functionDeclarations[].responseJsonSchema': declared({ responseJsonSchema: { type: 'object' } }),
  'tools[].functionDeclarations[].behavior': declared({ behavior: 'NON_BLOCKING' }),
  'tools[] of any other kind': { tools: [{ googleSearch: {} }] },
  'toolConfig.functionCallingConfig.mode (AUTO)': calling({ mode: 'AUTO' }),
  'toolConfig.functionCallingConfig.mode (NONE)': calling({ mode: 'NONE' }),
  'toolConfig.functionCallingConfig.mode (ANY)': calling({ mode: 'ANY' }),
  'toolConfig.functionCallingConfig.mode (VALIDATED)': calling({ mode: 'VALIDATED' }),
  'toolConfig.functionCallingConfig.allowedFunctionNames (one, with ANY)': calling({
    mode: 'ANY',
    allowedFunctionNames: ['f'],
  }),
  'toolConfig.functionCallingConfig.allowedFunctionNames': {
    tools: [{ functionDeclarations: [FUNCTION, { ...FUNCTION, name: 'g' }] }],
    toolConfig: { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['f', 'g'] } },
  },
  'toolConfig.functionCallingConfig.streamFunctionCallArguments': calling({ streamFunctionCallArguments: true }),
  'toolConfig.retrievalConfig': { toolConfig: { retrievalConfig: { languageCode: 'en' } } },
  'toolConfig.includeServerSideToolInvocations': { toolConfig: { includeServerSideToolInvocations: true } },
  'generationConfig.maxOutputTokens': config({ maxOutputTokens: 9 }),
  'generationConfig.temperature': config({ temperature: 0.1 }),
  'generationConfig.topP': config({ topP: 0.2 }),
  'generationConfig.topK': config({ topK: 3 }),
  'generationConfig.stopSequences': config({ stopSequences: ['.'] }),
  'generationConfig.seed': config({ seed: 1 }),
  'generationConfig.frequencyPenalty': config({ frequencyPenalty: 0.1 }),
  'generationConfig.presencePenalty': config({ presencePenalty: 0.1 }),
  'generationConfig.candidateCount': config({ candidateCount: 2 }),
  'generationConfig.responseLogprobs': config({ responseLogprobs: true, logprobs: 2 }),
  'generationConfig.logprobs without responseLogprobs': config({ logprobs: 2 }),
  'generationConfig.responseMimeType (text/plain)': config({ responseMimeType: 'text/plain' }),
  'generationConfig.responseMimeType (application/json)': config({ responseMimeType: 'application/json' }),
  'generationConfig.responseMimeType (any other)': config({ responseMimeType: 'text/x.enum' }),
  'generationConfig.responseSchema': config({ responseMimeType: 'application/json', responseSchema: SCHEMA }),
  'generationConfig.responseJsonSchema': config({
    responseMimeType: 'application/json',
    responseJsonSchema: { type: 'object' },
  }),
  'generationConfig.responseFormat': config({ responseFormat: [{}] }),
  'generationConfig.thinkingConfig.thinkingBudget': thinking({ thinkingBudget: 2048 }),
  'generationConfig.thinkingConfig.thinkingBudget (-1)': thinking({ thinkingBudget: -1 }),
  'generationConfig.thinkingConfig.thinkingBudget (0)': thinking({ thinkingBudget: 0 }),
  'generationConfig.thinkingConfig.thinkingLevel': thinking({ thinkingLevel: 'LOW' }),
  'generationConfig.thinkingConfig.includeThoughts': thinking({ includeThoughts: true }),
  'generationConfig.responseModalities (TEXT)': config({ responseModalities: ['TEXT'] }),
  'generationConfig.responseModalities (any other)': config({ responseModalities: ['TEXT', 'IMAGE'] }),
  'generationConfig.mediaResolution': config({ mediaResolution: 'MEDIA_RESOLUTION_LOW' }),
  'generationConfig.speechConfig': config({ speechConfig: {} }),
  'generationConfig.audioTimestamp': config({ audioTimestamp: true }),
  'generationConfig.audioTranscriptionConfig': config({ audioTranscriptionConfig: {} }),
  'generationConfig.enableAffectiveDialog': config({ enableAffectiveDialog: true }),
  'generationConfig.translationConfig': config({ translationConfig: {} }),
  'generationConfig.imageConfig': config({ imageConfig: { aspectRatio: '1:1' } }),
  'generationConfig.routingConfig': config({ routingConfig: {} }),
  'generationConfig.modelSelectionConfig': config({ modelSelectionConfig: {} }),
  'generationConfig.modelConfig': config({ modelConfig: {} }),
  'generationConfig.enableEnhancedCivicAnswers': config({ enableEnhancedCivicAnswers: true }),
  safetySettings: {
    safetySettings: [{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'BLOCK_NONE' }],
  },
  cachedContent: { cachedContent: 'cachedContents/a' },
  continuationToken: { continuationToken: 'a' },
  serviceTier: { serviceTier: 'flex' },
  labels: { labels: { team: 'a' } },
  store: { store: true },
  'any field in snake_case': { generation_config: { response_modalities: ['TEXT'] } },
  'any other field, at any depth': { shoeSize: 42 },
};
