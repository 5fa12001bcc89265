import type { InferenceRequest, TranslationNote } from '../../../core/inference/request.ts';
import { Translation } from '../../../core/inference/translation.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { Capabilities } from '../../capabilities/capabilities.ts';
import type { Reshape } from '../provider.ts';
import { buildFormat } from './build-format.ts';
import { buildMessages } from './build-messages.ts';
import { buildOptions } from './build-options.ts';
import { buildThinking } from './build-thinking.ts';
import { buildTools } from './build-tools.ts';
import { COHERE_TRANSLATION } from './translation-table.ts';

export interface BuiltBody {
  /** Of `POST /v2/chat`. */
  readonly body: JsonObject;
  readonly notes: readonly TranslationNote[];
  /** For what comes back; a fresh one for each answer. */
  readonly reshape: () => Reshape;
}

/**
 * A chat request as Cohere takes it.
 * @throws capability_unsupported where it asks for what Cohere, or the model, cannot do
 * @throws request_invalid where a tool call is demanded and there is no tool
 */
export function buildBody(request: InferenceRequest, model: string, capabilities: Capabilities | undefined): BuiltBody {
  const translation = new Translation(request, COHERE_TRANSLATION);
  const tools = buildTools(translation, capabilities);
  const format = buildFormat(translation, capabilities, tools.offered);
  const body: JsonObject = {
    model,
    messages: buildMessages(translation, capabilities, format.instruction),
    ...tools.fields,
    ...format.fields,
    ...buildThinking(translation, capabilities),
    ...buildOptions(translation, capabilities),
    // The official client says it either way.
    stream: request.stream,
  };
  return { body, notes: translation.notes, reshape: () => originalNames(tools.renamed) };
}

/** Tools under the names that the client gave them. */
function originalNames(renamed: ReadonlyMap<string, string>): Reshape {
  return (event) => {
    const name = event.type === 'tool-call-start' ? renamed.get(event.name) : undefined;
    return event.type !== 'tool-call-start' || name === undefined ? [event] : [{ ...event, name }];
  };
}
