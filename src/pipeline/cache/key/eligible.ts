import type { Call, Operation } from '../../../core/call.ts';
import type { CachePolicy } from '../../../core/caching.ts';
import { type Json, type JsonObject, asString, isJsonObject } from '../../../core/json.ts';
import { isGenerated } from '../answer/faultless.ts';

/** What is asked for the answer alone; of all else nothing is kept, and nothing said. */
export const CACHED: ReadonlySet<Operation> = new Set(['chat', 'completion', 'embeddings', 'rerank', 'moderation']);

/**
 * Why an answer to the call may neither be kept nor come from the cache; undefined where it may.
 * @param body what is asked for
 */
export function whyIneligible(call: Call, body: JsonObject, policy: CachePolicy): string | undefined {
  if (!CACHED.has(call.operation) || call.resource) return `${call.operation} is not cached`;
  if (call.form) return 'forms are not cached';
  // Whose credential it is decides what is answered and who pays, and it is not looked at here.
  if (call.assignment?.passThroughCredentials) return 'it may go with a credential of the client';
  if (!isGenerated(call.operation)) return undefined;
  return WHY_CHANGING[call.dialect](body) ?? whyAgainstRules(call, body, policy);
}

/** What asking the same once more would be besides a second answer, or why that may be another; undefined where it is nothing. */
export function whyUnrepeatable(dialect: Call['dialect'], body: JsonObject): string | undefined {
  return WHY_CHANGING[dialect](body);
}

function whyAgainstRules({ dialect }: Call, body: JsonObject, { exact }: CachePolicy): string | undefined {
  if (!exact) return undefined;
  if (exact.maxTemperature !== undefined && temperatureOf(dialect, body) > exact.maxTemperature) {
    return 'its temperature is too high';
  }
  return !exact.tools && offersTools(body) ? 'it offers tools' : undefined;
}

/** All dialects' own default is 1. */
function temperatureOf(dialect: Call['dialect'], body: JsonObject): number {
  const { temperature } = dialect === 'gemini' ? generationConfig(body) : body;
  return typeof temperature === 'number' ? temperature : 1;
}

function offersTools(body: JsonObject): boolean {
  return listOf(body['tools']).length > 0 || listOf(body['functions']).length > 0;
}

const SERVER_TOOLS = 'the provider runs tools for it';
const MEDIA = 'its answer is more than text';

/** By fields of many names providers of this API are told to search for themselves. Each is read where it is named, which is what is fast. */
function isToldToSearch(body: JsonObject): boolean {
  return (
    isSaid(body['web_search_options']) ||
    isSaid(body['search_parameters']) ||
    isSaid(body['enable_search']) ||
    isSaid(body['plugins']) ||
    isSaid(body['web_search']) ||
    isSaid(body['data_sources'])
  );
}

/** Tools that the client runs. */
const CLIENT_TOOLS: ReadonlySet<string> = new Set([
  'apply_patch',
  'computer',
  'computer_use_preview',
  'custom',
  'function',
  'local_shell',
]);

function whyOpenAi(body: JsonObject): string | undefined {
  if (isToldToSearch(body)) return SERVER_TOOLS;
  if (isSaid(body['audio']) || namesOtherThanText(body['modalities'])) return MEDIA;
  const { tools } = body;
  if (tools === undefined) return undefined;
  const isRun = listOf(tools).some((tool) => !isJsonObject(tool) || !CLIENT_TOOLS.has(typeOf(tool)));
  return isRun ? SERVER_TOOLS : undefined;
}

function whyResponses(body: JsonObject): string | undefined {
  if (body['background'] === true) return 'it is answered in the background';
  if (isSaid(body['conversation'])) return 'it goes on with a conversation that changes';
  const { prompt } = body;
  return isJsonObject(prompt) && !isSaid(prompt['version']) ? 'its prompt has no version' : undefined;
}

/** Tools of Anthropic's that the client runs, by the beginning of their type. */
const ANTHROPIC_CLIENT_TOOL = /^(?:custom$|bash_|text_editor_|computer_|memory_)/;

function whyAnthropic(body: JsonObject): string | undefined {
  if (listOf(body['mcp_servers']).length > 0 || isSaid(body['container'])) return SERVER_TOOLS;
  const isRun = listOf(body['tools']).some(
    (tool) => isJsonObject(tool) && isSaid(tool['type']) && !ANTHROPIC_CLIENT_TOOL.test(typeOf(tool)),
  );
  return isRun ? SERVER_TOOLS : undefined;
}

const GEMINI_CLIENT_TOOLS: ReadonlySet<string> = new Set([
  'functionDeclarations',
  'function_declarations',
  'computerUse',
  'computer_use',
]);

function whyGemini(body: JsonObject): string | undefined {
  const config = generationConfig(body);
  if (namesOtherThanText(config['responseModalities'] ?? config['response_modalities'])) return MEDIA;
  const isRun = listOf(body['tools']).some(
    (tool) => isJsonObject(tool) && Object.keys(tool).some((name) => !GEMINI_CLIENT_TOOLS.has(name)),
  );
  return isRun ? SERVER_TOOLS : undefined;
}

/** Protocol buffers written as JSON have either form of a name. */
function generationConfig(body: JsonObject): JsonObject {
  const config = body['generationConfig'] ?? body['generation_config'];
  return isJsonObject(config) ? config : {};
}

function namesOtherThanText(modalities: Json | undefined): boolean {
  if (modalities === undefined) return false;
  return listOf(modalities).some((one) => asString(one)?.toLowerCase() !== 'text');
}

function typeOf(tool: JsonObject): string {
  return asString(tool['type']) ?? '';
}

function isSaid(value: Json | undefined): boolean {
  return value !== undefined && value !== null && value !== false;
}

/** Google takes one object where a list is expected. */
function listOf(value: Json | undefined): readonly Json[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/** What would be another answer a moment later, or is more than an answer. */
const WHY_CHANGING: Readonly<Record<Call['dialect'], (body: JsonObject) => string | undefined>> = {
  openai: whyOpenAi,
  responses: (body) => whyResponses(body) ?? whyOpenAi(body),
  anthropic: whyAnthropic,
  gemini: whyGemini,
};
