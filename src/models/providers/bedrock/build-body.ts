import type { InferenceRequest, TranslationNote } from '../../../core/inference/request.ts';
import { Translation } from '../../../core/inference/translation.ts';
import { type JsonObject, asString } from '../../../core/json.ts';
import type { Capabilities } from '../../capabilities/capabilities.ts';
import { type JsonAnswer, jsonAnswer } from '../anthropic/json-answer.ts';
import { reshapeAnswer } from '../anthropic/reshape-answer.ts';
import type { Reshape } from '../provider.ts';
import { buildConversation } from './build-messages.ts';
import { buildOptions } from './build-options.ts';
import { buildReasoning } from './build-reasoning.ts';
import { buildTools } from './build-tools.ts';
import { Building } from './building.ts';
import { traitsOf } from './model-traits.ts';
import { CONVERSE_TRANSLATION } from './translation-table.ts';

export interface BuiltBody {
  /** Of `POST /model/{modelId}/converse` and `/converse-stream`. */
  readonly body: JsonObject;
  readonly notes: readonly TranslationNote[];
  /** For what comes back; a fresh one for each answer. */
  readonly reshape: () => Reshape;
}

/**
 * A chat request as Converse takes it.
 * @throws capability_unsupported where it asks for what Bedrock, or the model, cannot do
 * @throws request_invalid where nothing is asked
 */
export function buildBody(request: InferenceRequest, model: string, known: Capabilities | undefined): BuiltBody {
  const translation = new Translation(request, CONVERSE_TRANSLATION);
  const building = new Building(translation, traitsOf(model, known));
  const answer = jsonAnswer(translation, building.traits.capabilities);
  const built = buildTools(building, answer.tool);
  const { turns, system } = buildConversation(building);
  if (answer.instruction !== undefined) system.push({ text: answer.instruction });
  const reasoning = buildReasoning(building, turns, built.forced);
  const { inferenceConfig, fields, rest } = buildOptions(building, reasoning);
  building.cachePoints.limit([built.tools, system, ...turns.map(({ content }) => content)]);
  const toolConfig = { tools: built.tools, ...(built.choice ? { toolChoice: built.choice } : {}) };
  const body: JsonObject = {
    messages: turns.map(({ role, content }) => ({ role, content })),
    ...(system.length === 0 ? {} : { system }),
    ...(built.tools.length === 0 ? {} : { toolConfig }),
    ...filled('inferenceConfig', inferenceConfig),
    ...filled('additionalModelRequestFields', { ...built.fields, ...reasoning.fields, ...fields }),
    ...filled('outputConfig', {
      ...(reasoning.effort === undefined ? {} : { effort: reasoning.effort }),
      ...textFormat(answer, request),
    }),
    ...rest,
  };
  const rules = { renamed: built.renamed, answerTool: asString(answer.tool?.['name']) };
  return { body, notes: [...translation.notes, ...building.notes], reshape: () => reshapeAnswer(rules) };
}

function filled(name: string, object: JsonObject): JsonObject {
  return Object.keys(object).length === 0 ? {} : { [name]: object };
}

/** The schema is a text here. */
function textFormat({ format }: JsonAnswer, { responseFormat }: InferenceRequest): JsonObject {
  if (!format || responseFormat?.type !== 'json-schema') return {};
  const { name, description } = responseFormat;
  const jsonSchema = {
    schema: JSON.stringify(format['schema']),
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
  };
  return { textFormat: { type: 'json_schema', structure: { jsonSchema } } };
}
