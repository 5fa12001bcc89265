import type { Call } from '../../../core/call.ts';
import { type Json, type JsonObject, isJsonObject } from '../../../core/json.ts';

const BECAUSE = 'since guards write the answer anew';

/** What an answer that is written anew has no place for. */
const LOST = {
  logprobs: `answer: log probabilities are left out, ${BECAUSE}`,
  speech: `answer: speech is left out, ${BECAUSE}`,
  pictures: `answer: pictures are left out, ${BECAUSE}`,
  citations: `answer: citations are left out, ${BECAUSE}`,
  ownTools: `answer: what the provider's own tools brought is left out, ${BECAUSE}`,
  customTools: `answer: calls of custom tools do not come as such, ${BECAUSE}`,
} as const;

type Lost = keyof typeof LOST;

/**
 * What a client asks for that an answer written anew does not have, in words for its warnings. Asked before the request
 * goes on, since a stream's headers go out before its end is known.
 */
export function lossesOf({ dialect, operation, body }: Call): string[] {
  const { resolved } = body;
  return [...new Set(operation === 'completion' ? ofCompletion(resolved) : OF_CHAT[dialect](resolved))].map(
    (lost) => LOST[lost],
  );
}

function ofCompletion({ logprobs }: JsonObject): Lost[] {
  return typeof logprobs === 'number' ? ['logprobs'] : [];
}

const OF_CHAT: Readonly<Record<Call['dialect'], (body: JsonObject) => Lost[]>> = {
  openai: ({ logprobs, modalities, tools, web_search_options: search }) => [
    ...when(logprobs === true, 'logprobs'),
    ...when(has(modalities, 'audio'), 'speech'),
    ...when(isJsonObject(search), 'citations'),
    ...when(
      some(tools, ({ type }) => type === 'custom'),
      'customTools',
    ),
  ],
  responses: ({ include, tools }) => [
    ...when(has(include, 'message.output_text.logprobs'), 'logprobs'),
    ...when(
      some(tools, ({ type }) => type !== 'function' && type !== 'custom'),
      'ownTools',
    ),
    ...when(
      some(tools, ({ type }) => type === 'custom'),
      'customTools',
    ),
  ],
  anthropic: ({ tools, messages }) => [
    ...when(
      some(tools, ({ type }) => type !== undefined && type !== null && type !== 'custom'),
      'ownTools',
    ),
    ...when(
      some(messages, ({ content }) => some(content, ({ citations }) => isOn(citations))),
      'citations',
    ),
  ],
  gemini: ({ tools, generationConfig, generation_config: config = generationConfig }) => [
    ...when(isJsonObject(config) && (config['responseLogprobs'] ?? config['response_logprobs']) === true, 'logprobs'),
    ...when(isJsonObject(config) && gives(config, 'AUDIO'), 'speech'),
    ...when(isJsonObject(config) && gives(config, 'IMAGE'), 'pictures'),
    ...when(
      some(tools, (tool) => Object.keys(tool).some((name) => !/^function_?declarations$/i.test(name))),
      'ownTools',
    ),
  ],
};

function gives(config: JsonObject, modality: string): boolean {
  return has(config['responseModalities'] ?? config['response_modalities'], modality);
}

function isOn(citations: Json | undefined): boolean {
  return isJsonObject(citations) && citations['enabled'] === true;
}

function when(is: boolean, lost: Lost): Lost[] {
  return is ? [lost] : [];
}

function has(list: Json | undefined, value: string): boolean {
  return Array.isArray(list) && list.includes(value);
}

function some(list: Json | undefined, test: (one: JsonObject) => boolean): boolean {
  return Array.isArray(list) && list.some((one) => isJsonObject(one) && test(one));
}
