import { type Json, type JsonObject, asString, isJsonObject } from '../../../../core/json.ts';

/** A tool call among the items of an answer, whoever runs it. */
export interface ToolItem {
  readonly id: string;
  readonly name: string;
  /** The provider runs it itself. */
  readonly served: boolean;
}

/** Names of tools that the request brought; undefined where the response does not say. */
export type OwnTools = ReadonlySet<string> | undefined;

/** Calls that only the client can run, and what tells where one is not so. */
const OF_CLIENT: ReadonlyMap<string, (item: JsonObject, own: OwnTools) => boolean> = new Map<
  string,
  (item: JsonObject, own: OwnTools) => boolean
>([
  ['function_call', () => true],
  // xAI shows its own searches as such calls, and their names are of no tool of the request.
  ['custom_tool_call', ({ name }, own) => own?.has(asString(name) ?? '') ?? true],
  ['computer_call', () => true],
  ['local_shell_call', () => true],
  ['apply_patch_call', () => true],
  ['shell_call', ({ environment }) => !isContainer(environment)],
  ['tool_search_call', ({ execution }) => execution === 'client'],
]);

function isContainer(environment: Json | undefined): boolean {
  return isJsonObject(environment) && (asString(environment['type']) ?? '').startsWith('container');
}

/**
 * The call that an item is; undefined where it is none. New kinds are known by their names' end.
 * @see https://platform.openai.com/docs/api-reference/responses/object (checked 2026-11-21)
 */
export function toolItem(item: JsonObject, own: OwnTools): ToolItem | undefined {
  const type = asString(item['type']) ?? '';
  if (!type.endsWith('_call')) return undefined;
  return {
    id: asString(item['call_id']) || (asString(item['id']) ?? ''),
    name: asString(item['name']) ?? type.slice(0, -'_call'.length),
    served: !(OF_CLIENT.get(type)?.(item, own) ?? false),
  };
}

/** What it is called with: JSON, or of a custom tool any text. */
export function argumentsOf(item: JsonObject): string {
  const said = item['arguments'] ?? item['input'];
  if (typeof said === 'string') return said;
  const { code, queries } = item;
  const meant =
    said ?? item['action'] ?? item['operation'] ?? (code ? { code } : undefined) ?? (queries && { queries });
  return meant === undefined || meant === null ? '' : JSON.stringify(meant);
}

/** The names in `tools` of a response, those inside of namespaces too. */
export function ownToolsIn({ tools }: JsonObject): OwnTools {
  return Array.isArray(tools) ? new Set(namesIn(tools)) : undefined;
}

function namesIn(tools: readonly Json[]): string[] {
  return tools.filter(isJsonObject).flatMap((tool) => {
    const name = asString(tool['name']);
    return [...(name ? [name] : []), ...(Array.isArray(tool['tools']) ? namesIn(tool['tools']) : [])];
  });
}
