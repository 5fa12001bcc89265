import { jsonFromSchema } from './json-schema/generate.ts';
import type { OfferedTool, Prompt } from './prompt.ts';
import { hashText } from './random.ts';

export interface ToolCall {
  readonly name: string;
  /** JSON text. */
  readonly argumentsText: string;
}

/**
 * The calls that the prompt brings about, none where it is to be answered in text.
 *
 * A tool is called where `tool_choice` forces one, or else where the last user message names it (`get_weather`) or says
 * "call" before its name ("call get weather"); several names make parallel calls. The result of a tool is answered in text.
 */
export function toolCallsFor(prompt: Prompt, seed: number): ToolCall[] {
  return chosenTools(prompt).map(({ name, parameters }) => ({
    name,
    argumentsText: JSON.stringify(jsonFromSchema(parameters, hashText(prompt.question, seed))),
  }));
}

function chosenTools(prompt: Prompt): OfferedTool[] {
  const { tools, toolChoice } = prompt;
  if (toolChoice === 'none' || tools.length === 0) return [];
  if (typeof toolChoice === 'object') return tools.filter(({ name }) => name === toolChoice.name).slice(0, 1);
  if (prompt.answersToolResult && toolChoice === 'auto') return [];
  const named = namedTools(prompt);
  if (named.length === 0) return toolChoice === 'any' ? tools.slice(0, 1) : [];
  return prompt.parallelTools ? named : named.slice(0, 1);
}

/** In the order in which the message names them. */
function namedTools({ tools, question }: Prompt): OfferedTool[] {
  return tools
    .map((tool) => ({ tool, at: placeOfName(question, tool.name) }))
    .filter(({ at }) => at >= 0)
    .toSorted((a, b) => a.at - b.at)
    .map(({ tool }) => tool);
}

const NAME_LETTER = /[A-Za-z0-9_-]/;

function placeOfName(question: string, name: string): number {
  const exact = placeOfWord(question, name);
  if (exact >= 0) return exact;
  const spoken = `call ${spokenForm(name)}`;
  return placeOfWord(spokenForm(question), spoken);
}

/** `get_weather` and `Get weather` are spoken alike; lengths stay, so that places do. */
function spokenForm(text: string): string {
  return text.toLowerCase().replaceAll(/[_-]/g, ' ');
}

/** Where the word stands by itself, not as a part of a longer name; -1 where it does not. */
function placeOfWord(text: string, word: string): number {
  if (word === '') return -1;
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    const before = text[at - 1] ?? ' ';
    const after = text[at + word.length] ?? ' ';
    if (!NAME_LETTER.test(before) && !NAME_LETTER.test(after)) return at;
  }
  return -1;
}
