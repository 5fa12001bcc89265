import type { InferenceRequest, TranslationNote } from '../../../core/inference/request.ts';
import { Translation } from '../../../core/inference/translation.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { Capabilities } from '../../capabilities/capabilities.ts';
import type { Reshape } from '../provider.ts';
import { buildContents } from './build-contents.ts';
import { buildFormat } from './build-format.ts';
import { buildOptions, serviceTier } from './build-options.ts';
import { buildThinking } from './build-thinking.ts';
import { buildTools } from './build-tools.ts';
import type { Building, GeminiFlavour, Recall } from './building.ts';
import { traitsOf } from './model-traits.ts';
import { GEMINI_TRANSLATION } from './translation-table.ts';

export interface BuiltBody {
  /** Of `models/{model}:generateContent`. */
  readonly body: JsonObject;
  readonly notes: readonly TranslationNote[];
  /** For what comes back; undefined where nothing has to be changed back. */
  readonly reshape: (() => Reshape) | undefined;
}

/**
 * A chat request as Gemini takes it.
 * @throws capability_unsupported where it asks for what Gemini cannot do
 * @throws request_invalid where nothing is asked, or a tool call is demanded and there is no tool
 */
export function buildBody(
  request: InferenceRequest,
  model: string,
  capabilities: Capabilities | undefined,
  flavour: GeminiFlavour,
  recall: Recall = nothing,
): BuiltBody {
  const translation = new Translation(request, GEMINI_TRANSLATION);
  const notes: TranslationNote[] = [];
  const building: Building = { translation, traits: traitsOf(model), capabilities, flavour, recall, notes };
  const tools = buildTools(building);
  const format = buildFormat(building, tools);
  const { system, contents } = buildContents(building);
  if (format.instruction !== undefined) system.push(format.instruction);
  const config = { ...buildOptions(building), ...format.fields, ...buildThinking(building) };
  const body: JsonObject = {
    ...(system.length === 0 ? {} : { systemInstruction: { parts: system.map((text) => ({ text })) } }),
    contents: contents.map(({ role, parts }) => ({ role, parts })),
    ...tools.fields,
    ...(Object.keys(config).length === 0 ? {} : { generationConfig: config }),
    ...serviceTier(building),
  };
  const { renamed } = tools;
  const reshape = renamed.size === 0 ? undefined : () => originalNames(renamed);
  return { body, notes: [...translation.notes, ...notes], reshape };
}

function nothing(): undefined {}

/** Tools under the names that the client gave them. */
function originalNames(renamed: ReadonlyMap<string, string>): Reshape {
  return (event) => {
    const name = event.type === 'tool-call-start' ? renamed.get(event.name) : undefined;
    return event.type !== 'tool-call-start' || name === undefined ? [event] : [{ ...event, name }];
  };
}
