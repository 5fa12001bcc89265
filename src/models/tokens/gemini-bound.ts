import { type Json, type JsonObject, asString, isJsonObject } from '../../core/json.ts';
import {
  type BoundTarget,
  MESSAGE,
  TOOL,
  TOOLS,
  addFrame,
  addImage,
  addSchema,
  fields,
  isOff,
  objectsIn,
} from './bound-margins.ts';
import type { BoundSum } from './bound-sum.ts';
import type { KnownParts } from './known-parts.ts';

/** Fields that the model does not see. */
const UNSEEN = fields('labels model safetySettings serviceTier store');
const UNSEEN_OPTIONS = fields(
  'audioTimestamp candidateCount frequencyPenalty imageConfig logprobs maxOutputTokens mediaResolution',
  'presencePenalty responseLogprobs responseMimeType responseModalities seed speechConfig stopSequences',
  'temperature thinkingConfig topK topP',
);
const SCHEMAS = fields('responseJsonSchema responseSchema');

/**
 * A request to generate content. The API is a protocol buffer as JSON, so that each name may be written in camel case or
 * in snake case. A `cachedContent` may have tools of the provider in it.
 * @see https://ai.google.dev/api/generate-content (checked 2026-11-21)
 */
export function addGeneration(sum: BoundSum, body: JsonObject, target: BoundTarget, parts: KnownParts): void {
  addFrame(sum, target);
  for (const [name, value] of namedFields(body)) {
    if (UNSEEN.has(name)) continue;
    if (name === 'contents' || name === 'systemInstruction') parts.add(sum, value, target, addContents);
    else if (name === 'tools') parts.add(sum, value, target, addTools);
    else if (name === 'toolConfig') addSchema(sum, value);
    else if (name === 'generationConfig' && isJsonObject(value)) addOptions(sum, value);
    else sum.unbounded();
  }
}

/** Those that say something, with their names in camel case. */
function* namedFields(object: JsonObject): Iterable<readonly [name: string, value: Json]> {
  for (const [name, value] of Object.entries(object)) {
    if (!isOff(value)) yield [name.includes('_') ? camelCase(name) : name, value];
  }
}

function camelCase(name: string): string {
  return name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function addOptions(sum: BoundSum, config: JsonObject): void {
  for (const [name, value] of namedFields(config)) {
    if (SCHEMAS.has(name)) addSchema(sum, value);
    else if (!UNSEEN_OPTIONS.has(name)) sum.unbounded();
  }
}

function addContents(sum: BoundSum, contents: Json, target: BoundTarget): void {
  if (typeof contents === 'string') return sum.add(MESSAGE + sum.text(contents));
  for (const content of objectsIn(contents)) {
    sum.add(MESSAGE);
    const role = asString(content['role']);
    if (role !== undefined) sum.add(sum.text(role));
    addParts(sum, content['parts'], target);
  }
}

function addParts(sum: BoundSum, parts: Json | undefined, target: BoundTarget): void {
  if (typeof parts === 'string') return sum.add(MESSAGE + sum.text(parts));
  for (const part of objectsIn(parts)) addPart(sum, part, target);
}

/** A signature stands for thoughts that are not shown; what else a part may be is not known. */
function addPart(sum: BoundSum, part: JsonObject, target: BoundTarget): void {
  sum.add(MESSAGE);
  for (const [name, value] of namedFields(part)) {
    if (name === 'text' && typeof value === 'string') sum.add(sum.text(value));
    else if (name === 'inlineData' && isJsonObject(value)) addData(sum, value, target);
    else if (name === 'functionCall') sum.add(sum.structure(value));
    else if (name === 'functionResponse' && isJsonObject(value)) addResult(sum, value, target);
    else if (name !== 'thought') sum.context();
  }
}

function addResult(sum: BoundSum, { parts, ...result }: JsonObject, target: BoundTarget): void {
  sum.add(sum.structure(result));
  if (!isOff(parts)) addParts(sum, parts, target);
}

function addData(sum: BoundSum, data: JsonObject, target: BoundTarget): void {
  const type = asString(data['mimeType'] ?? data['mime_type']) ?? '';
  if (type.startsWith('image/')) addImage(sum, target, false);
  else sum.context();
}

/** All but functions are run by Google. */
function addTools(sum: BoundSum, tools: Json): void {
  const all = objectsIn(tools);
  if (all.length > 0) sum.add(TOOLS);
  for (const tool of all) {
    for (const [name, value] of namedFields(tool)) {
      if (name !== 'functionDeclarations') return sum.unbounded();
      for (const declared of objectsIn(value)) sum.add(TOOL + sum.structure(declared));
    }
  }
}
