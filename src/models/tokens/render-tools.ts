import type { FunctionTool } from '../../core/inference/request.ts';
import { type Json, type JsonObject, asString, isJsonObject } from '../../core/json.ts';

/**
 * Functions as OpenAI's models are believed to read them: a TypeScript namespace. It is not documented; people found it
 * out by comparing counts.
 * @see https://community.openai.com/t/how-to-calculate-the-tokens-when-using-function-call/266573 (checked 2026-11-21)
 */
export function renderTools(tools: readonly FunctionTool[]): string {
  return ['namespace functions {', '', ...tools.flatMap(renderTool), '} // namespace functions'].join('\n');
}

function renderTool({ name, description, parameters }: FunctionTool): string[] {
  const comment = description === undefined ? [] : [`// ${description}`];
  const fields = parameters ? renderFields(parameters, 0) : [];
  const type = fields.length === 0 ? [`type ${name} = () => any;`] : [`type ${name} = (_: {`, ...fields, '}) => any;'];
  return [...comment, ...type, ''];
}

/** Schemas nest as deep as clients like; below this everything is `any`. */
const DEEPEST = 40;

function renderFields(schema: JsonObject, depth: number): string[] {
  const properties = schema['properties'];
  if (!isJsonObject(properties)) return [];
  const required = new Set(Array.isArray(schema['required']) ? schema['required'] : []);
  const indent = ' '.repeat(depth);
  return Object.entries(properties).flatMap(([name, field]) => {
    const description = isJsonObject(field) ? asString(field['description']) : undefined;
    // Comments of deeper fields are left out.
    const comment = description === undefined || depth > 1 ? [] : [`${indent}// ${description}`];
    return [...comment, `${indent}${name}${required.has(name) ? '' : '?'}: ${renderType(field, depth)},`];
  });
}

function renderType(schema: Json | undefined, depth: number): string {
  if (!isJsonObject(schema) || depth > DEEPEST) return 'any';
  const { enum: words } = schema;
  if (Array.isArray(words)) return words.map((word) => JSON.stringify(word)).join(' | ');
  switch (schema['type']) {
    case 'string':
    case 'number':
    case 'boolean':
    case 'null':
      return schema['type'];
    case 'integer':
      return 'number';
    case 'array':
      return `${renderType(schema['items'], depth)}[]`;
    case 'object':
      return ['{', ...renderFields(schema, depth + 2), `${' '.repeat(depth)}}`].join('\n');
    default:
      return 'any';
  }
}
