import type { InferenceRequest, TranslationNote } from '../../../core/inference/request.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { Capabilities } from '../../capabilities/capabilities.ts';
import type { Reshape } from '../provider.ts';
import { buildMessages } from './build-messages.ts';
import { buildFormat, buildOptions } from './build-options.ts';
import { buildReasoning } from './build-reasoning.ts';
import { buildTools } from './build-tools.ts';
import { Building } from './building.ts';
import type { Quirks } from './quirks.ts';

export interface BuiltBody {
  /** Of `POST /chat/completions`. */
  readonly body: JsonObject;
  readonly notes: readonly TranslationNote[];
  /** How often it has to be sent to give as many answers as were asked for. */
  readonly copies: number;
  /** For what comes back; a fresh one for each answer. */
  readonly reshape: () => Reshape;
}

/**
 * A chat request as OpenAI, or a server like it, takes it.
 * @throws capability_unsupported where it asks for what the server cannot do
 * @throws request_invalid where a tool call is demanded and there is no tool
 */
export function buildBody(
  request: InferenceRequest,
  model: string,
  capabilities: Capabilities | undefined,
  quirks: Quirks,
): BuiltBody {
  const building = new Building(request, capabilities, quirks);
  const format = buildFormat(building);
  const tools = buildTools(building);
  const body: JsonObject = {
    model,
    messages: withInstruction(buildMessages(building), format.instruction),
    ...tools.fields,
    ...format.fields,
    ...buildReasoning(building),
    ...buildOptions(building),
    ...(quirks.prefill === 'continue_final_message' && isPrefilled(request)
      ? { continue_final_message: true, add_generation_prompt: false }
      : {}),
  };
  const copies = quirks.choices ? 1 : (request.choices ?? 1);
  return { body, notes: building.notes, copies, reshape: () => originalNames(tools.renamed) };
}

function withInstruction(messages: JsonObject[], instruction: string | undefined): JsonObject[] {
  return instruction === undefined ? messages : [{ role: 'system', content: instruction }, ...messages];
}

function isPrefilled({ messages }: InferenceRequest): boolean {
  return messages.at(-1)?.role === 'assistant';
}

/** Tools under the names that the client gave them. */
function originalNames(renamed: ReadonlyMap<string, string>): Reshape {
  return (event) => {
    const name = event.type === 'tool-call-start' ? renamed.get(event.name) : undefined;
    return event.type !== 'tool-call-start' || name === undefined ? [event] : [{ ...event, name }];
  };
}
