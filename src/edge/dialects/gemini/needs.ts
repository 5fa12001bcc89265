import type { PathFacts } from '../../call-factory.ts';
import type { Needs } from '../../../core/inference/needs.ts';
import { type Json, type JsonObject, asString, isJsonObject } from '../../../core/json.ts';
import { listOf, member } from './names.ts';

type Found = { -readonly [K in 'vision' | 'documents' | 'audioInput' | 'parallelTools']: Needs[K] };

/** What a request asks of its target. Looks at the kinds of parts and at little inside, and never throws. */
export function readNeeds(body: JsonObject, path: PathFacts): Needs {
  const found: Found = { vision: false, documents: false, audioInput: false, parallelTools: false };
  const contents = listOf(body['contents']);
  for (const content of contents) if (isJsonObject(content)) readContent(content, found);
  const config = objectOf(member(body, 'generationConfig'));
  const last = contents.at(-1);
  return {
    streaming: path.stream ?? false,
    tools: listOf(body['tools']).length > 0,
    ...found,
    audioOutput: asksForAudio(config),
    jsonSchema: ['responseSchema', 'responseJsonSchema'].some((name) => isJsonObject(member(config, name))),
    reasoning: asksToThink(objectOf(member(config, 'thinkingConfig'))),
    prefill: isJsonObject(last) && last['role'] === 'model',
    outputTokens: countOf(member(config, 'maxOutputTokens')),
  };
}

function readContent(content: JsonObject, found: Found): void {
  let calls = 0;
  for (const part of listOf(content['parts'])) {
    if (!isJsonObject(part)) continue;
    if (member(part, 'functionCall') !== undefined) calls += 1;
    readMedia(part, found);
    const result = member(part, 'functionResponse');
    if (!isJsonObject(result)) continue;
    for (const inner of listOf(result['parts'])) if (isJsonObject(inner)) readMedia(inner, found);
  }
  if (calls > 1) found.parallelTools = true;
}

function readMedia(part: JsonObject, found: Found): void {
  const media = member(part, 'inlineData') ?? member(part, 'fileData');
  const type = isJsonObject(media) ? asString(member(media, 'mimeType')) : undefined;
  if (type === undefined) return;
  if (type.startsWith('image/')) found.vision = true;
  else if (type.startsWith('audio/')) found.audioInput = true;
  else if (type === 'application/pdf') found.documents = true;
}

function asksForAudio(config: JsonObject): boolean {
  return listOf(member(config, 'responseModalities')).some((one) => asString(one)?.toUpperCase() === 'AUDIO');
}

function asksToThink(thinking: JsonObject): boolean {
  const budget = member(thinking, 'thinkingBudget');
  return typeof budget === 'number' ? budget !== 0 : asString(member(thinking, 'thinkingLevel')) !== undefined;
}

function objectOf(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

function countOf(value: Json | undefined): number | undefined {
  return typeof value === 'number' && value > 0 ? value : undefined;
}
