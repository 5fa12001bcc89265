import { isRecord } from '../../format/is-record.ts';
import type { Dialect } from './draft.ts';
import { Wrong, jsonIn } from './wrong.ts';

/** A function that a model may call. */
export interface Tool {
  readonly name: string;
  readonly description: string | undefined;
  readonly parameters: unknown;
}

const NO_PARAMETERS = { type: 'object', properties: {} };

/** What stands in an editor that is opened for the first time. */
export const EXAMPLE_TOOLS = JSON.stringify(
  [
    {
      name: 'get_weather',
      description: 'The weather in a city',
      parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
    },
  ],
  undefined,
  2,
);

/**
 * Tools as OpenAI's or Anthropic's API has them, or just name and parameters.
 * @throws Wrong where they cannot be read
 */
export function readTools(text: string): readonly Tool[] {
  if (text.trim() === '') return [];
  const value = jsonIn('tools', text);
  if (!Array.isArray(value)) throw new Wrong('tools', '[ … ]');
  return value.map(toolIn);
}

function toolIn(value: unknown, at: number): Tool {
  const outer = isRecord(value) ? value : {};
  const told = isRecord(outer['function']) ? outer['function'] : outer;
  const { name, description } = told;
  if (typeof name !== 'string' || name === '') throw new Wrong('tools', `[${at}].name`);
  const parameters = told['parameters'] ?? told['input_schema'] ?? NO_PARAMETERS;
  if (!isRecord(parameters)) throw new Wrong('tools', `[${at}].parameters`);
  return { name, description: typeof description === 'string' ? description : undefined, parameters };
}

/** For a choice of names while the text may be half typed. */
export function toolNames(text: string): readonly string[] {
  try {
    return readTools(text).map(({ name }) => name);
  } catch {
    return [];
  }
}

const inChat = ({ name, description, parameters }: Tool) => ({
  type: 'function',
  function: { name, ...(description !== undefined && { description }), parameters },
});
const inMessages = ({ name, description, parameters }: Tool) => ({
  name,
  ...(description !== undefined && { description }),
  input_schema: parameters,
});
const inResponses = ({ name, description, parameters }: Tool) => ({
  type: 'function',
  name,
  ...(description !== undefined && { description }),
  parameters,
  strict: false,
});

const SHAPES = { chat: inChat, messages: inMessages, responses: inResponses };

function choiceIn(dialect: Dialect, choice: string): unknown {
  const isWord = ['auto', 'none', 'required'].includes(choice);
  if (dialect === 'messages') {
    if (choice === 'required') return { type: 'any' };
    return isWord ? { type: choice } : { type: 'tool', name: choice };
  }
  if (isWord) return choice;
  return dialect === 'chat' ? { type: 'function', function: { name: choice } } : { type: 'function', name: choice };
}

/** The fields of a body that are about tools. */
export function toolFields(dialect: Dialect, text: string, choice: string): Readonly<Record<string, unknown>> {
  const tools = readTools(text);
  if (tools.length === 0) return {};
  return {
    tools: tools.map((tool) => SHAPES[dialect](tool)),
    ...(choice !== 'auto' && { tool_choice: choiceIn(dialect, choice) }),
  };
}
