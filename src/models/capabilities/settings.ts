import { type Static, Type } from 'typebox';

import { Flag, Int, named, section } from '../../config/fields.ts';
import type { Capabilities } from './capabilities.ts';

const fact = (description: string) => Type.Optional(Flag({ description }));

const count = (description: string, example: number) =>
  Type.Optional(Int({ description, minimum: 1, examples: [example] }));

/** What an operator knows of a target; what is left out stays as the shipped table says it. */
const CapabilitySettings = section({
  streaming: fact('Answers can be streamed.'),
  tools: fact('Tools can be called.'),
  parallelTools: fact('Several tools can be called in one turn.'),
  forcedTools: fact('A tool call can be demanded.'),
  vision: fact('Prompts may have images.'),
  documents: fact('Prompts may have PDF documents.'),
  audioInput: fact('Prompts may have audio.'),
  audioOutput: fact('Answers may be audio.'),
  jsonSchema: fact('Answers can be held to a JSON Schema.'),
  sampling: fact('Temperature, top_p and top_k may be set.'),
  reasoning: fact('The model can think before it answers.'),
  reasoningAlways: fact('The model cannot be asked not to think.'),
  prefill: fact("The last message may be the assistant's, to be continued."),
  contextTokens: count('Tokens that prompt and answer may have together.', 32768),
  inputTokens: count('Tokens that a prompt may have, where that is less than the context.', 24576),
  outputTokens: count('Tokens that an answer may have.', 8192),
});

export type CapabilitySettings = Static<typeof CapabilitySettings>;

/** By `provider/model`. */
export const CapabilitiesSettings = named(CapabilitySettings, {
  description:
    'What targets can do, by provider/model. It adds to and overrides the shipped table; a request that a target is known not to be able to serve is refused before it is sent.',
  names: /^[^\s/]+\/\S+$/,
  namesAre: 'provider/model, e.g. local/qwen3-8b',
});

/** The settings have no other fields than the facts. */
export type OperatorCapabilities = ReadonlyMap<string, Readonly<CapabilitySettings> & Capabilities>;
