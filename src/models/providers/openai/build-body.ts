import type { InferenceRequest, TranslationNote } from '../../../core/inference/request.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { Capabilities } from '../../capabilities/capabilities.ts';
import type { Reshape } from '../provider.ts';
import { buildFormat } from './build-format.ts';
import { buildMessages } from './build-messages.ts';
import { buildOptions } from './build-options.ts';
import { buildReasoning } from './build-reasoning.ts';
import { buildTools } from './build-tools.ts';
import { Building } from './building.ts';
import { type ServerQuirks, quirksOf } from './quirks.ts';

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
  server: ServerQuirks,
): BuiltBody {
  const building = new Building(request, capabilities, quirksOf(server, model));
  const format = buildFormat(building);
  const tools = buildTools(building);
  const reasoning = buildReasoning(building, tools);
  const body: JsonObject = {
    model,
    messages: buildMessages(building, format.instruction),
    ...tools.fields,
    ...format.fields,
    ...reasoning,
    ...buildOptions(building, reasoning['reasoning_effort'] === 'none'),
  };
  const copies = building.quirks.choices ? 1 : (request.choices ?? 1);
  return { body, notes: building.notes, copies, reshape: () => originalNames(tools.renamed) };
}

/** Tools under the names that the client gave them. */
function originalNames(renamed: ReadonlyMap<string, string>): Reshape {
  return (event) => {
    const name = event.type === 'tool-call-start' ? renamed.get(event.name) : undefined;
    return event.type !== 'tool-call-start' || name === undefined ? [event] : [{ ...event, name }];
  };
}
