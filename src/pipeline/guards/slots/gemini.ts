import { isSealedForGemini, sealForGemini, unsealForGemini } from '../../../core/inference/gemini-seal.ts';
import { type Json, type JsonObject, isJsonObject } from '../../../core/json.ts';
import { pointerPart } from '../../../core/json-spans.ts';
import { NOBODY, type SlotCollector, type Whereabouts } from './collector.ts';
import {
  GEMINI_CONTENT,
  GEMINI_FUNCTION,
  GEMINI_PART,
  GEMINI_TOOL,
  GEMINI_TOOL_CONFIG,
  GENERATE,
  GENERATION,
  noteRest,
  noteStops,
  noteToolName,
} from './known-fields.ts';
import { collectSchema } from './schema.ts';
import type { TextSlot } from './slot.ts';

type Named = readonly [path: string, value: Json | undefined];

/**
 * The members of that name, in whatever form: the API takes `systemInstruction` and `system_instruction`, and whoever
 * reads both may take either.
 */
function members(path: string, object: JsonObject, camel: string): readonly Named[] {
  const all: Named[] = [];
  for (const [name, value] of Object.entries(object)) {
    if (name === camel || (name.includes('_') && camelCase(name) === camel)) {
      all.push([`${path}/${pointerPart(name)}`, value]);
    }
  }
  return all;
}

function camelCase(name: string): string {
  return name.replaceAll(/(?<=.)_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** The objects of a list, or the one that may stand in its place. */
function objects([path, value]: Named): readonly (readonly [path: string, object: JsonObject])[] {
  if (isJsonObject(value)) return [[path, value]];
  if (!Array.isArray(value)) return [];
  return value.flatMap((one, at) => (isJsonObject(one) ? [[`${path}/${at}`, one] as const] : []));
}

/** The texts of `generateContent` and `countTokens`. @see https://ai.google.dev/api/generate-content (checked 2026-11-22) */
export function collectGemini(into: SlotCollector, body: JsonObject): void {
  for (const [path, inner] of members('', body, 'generateContentRequest')) {
    if (isJsonObject(inner)) collectRequest(into, path, inner);
  }
  collectRequest(into, '', body);
}

function collectRequest(into: SlotCollector, path: string, body: JsonObject): void {
  for (const [at, instruction] of members(path, body, 'systemInstruction')) {
    const where: Whereabouts = { place: 'input', role: 'system', message: -1 };
    if (isJsonObject(instruction)) collectParts(into, at, instruction, where);
    else into.text(at, instruction, where);
  }
  for (const list of members(path, body, 'contents')) {
    for (const [message, [at, content]] of objects(list).entries()) {
      const role = content['role'] === 'model' ? 'assistant' : 'user';
      collectParts(into, at, content, { place: 'input', role, message });
      noteRest(into, content, GEMINI_CONTENT, camelCase);
    }
  }
  collectTools(into, path, body);
  noteRest(into, body, GENERATE, camelCase);
  for (const [, config] of members(path, body, 'toolConfig')) {
    if (isJsonObject(config)) noteRest(into, config, GEMINI_TOOL_CONFIG, camelCase);
  }
  for (const [at, config] of members(path, body, 'generationConfig')) {
    if (!isJsonObject(config)) continue;
    collectSchemas(into, at, config, ['responseSchema', 'responseJsonSchema']);
    noteRest(into, config, GENERATION, camelCase);
    for (const [, stops] of members(at, config, 'stopSequences')) noteStops(into, stops);
  }
}

function collectParts(into: SlotCollector, path: string, content: JsonObject, where: Whereabouts): void {
  for (const list of members(path, content, 'parts')) {
    for (const [at, part] of objects(list)) collectPart(into, at, part, where);
    for (const part of Array.isArray(list[1]) ? list[1] : []) if (!isJsonObject(part)) into.note('other');
  }
}

function collectPart(into: SlotCollector, path: string, part: JsonObject, where: Whereabouts): void {
  const { message } = where;
  let read = 0;
  for (const [name, value] of Object.entries(part)) {
    const at = `${path}/${pointerPart(name)}`;
    read += 1;
    switch (camelCase(name)) {
      case 'text':
        into.thought(at, value, where, proofOf(path, part));
        break;
      case 'thoughtSignature':
        read -= 1;
        collectSealed(into, at, value, where);
        break;
      case 'inlineData':
      case 'fileData':
        collectMedia(into, at, value, where);
        break;
      case 'functionCall':
        if (!isJsonObject(value)) break;
        noteToolName(into, value['name']);
        into.value(`${at}/args`, value['args'], { place: 'tool-arguments', role: 'assistant', message });
        break;
      case 'functionResponse':
        if (isJsonObject(value)) collectResponse(into, at, value, { place: 'tool-results', role: 'tool', message });
        break;
      case 'executableCode':
      case 'codeExecutionResult':
        collectCode(into, at, value, message);
        break;
      default:
        read -= 1;
        noteRest(into, { [name]: value ?? null }, GEMINI_PART, camelCase);
    }
  }
  if (read === 0 && Object.keys(part).length > 0 && !isProof(part)) into.note('other');
}

/**
 * A thought whose proof stands on it goes back as it came, or as one without. That of a text or a call is no part of the
 * text.
 */
function proofOf(path: string, part: JsonObject): TextSlot['proof'] {
  const [proof] = part['thought'] === true ? proofsOf(path, part) : [];
  return proof && { path: proof[0], value: '' };
}

function isProof(part: JsonObject): boolean {
  return proofsOf('', part).length > 0;
}

function proofsOf(path: string, part: JsonObject): readonly Named[] {
  return members(path, part, 'thoughtSignature').filter(([, value]) => typeof value === 'string' && value !== '');
}

/** The thoughts of another provider, which this gateway put into a proof. Everybody can read them, or write such. */
function collectSealed(into: SlotCollector, path: string, proof: Json | undefined, where: Whereabouts): void {
  if (typeof proof !== 'string' || !isSealedForGemini(proof)) return;
  const said = unsealForGemini(proof)?.map(({ text }) => text) ?? [];
  into.thought(path, said.join('\n').trim(), where, { path, value: sealForGemini([]) });
}

function collectResponse(into: SlotCollector, path: string, result: JsonObject, where: Whereabouts): void {
  into.value(`${path}/response`, result['response'], where);
  collectParts(into, path, result, where);
}

function collectCode(into: SlotCollector, path: string, value: Json | undefined, message: number): void {
  into.member(path, value, 'code', { place: 'tool-arguments', role: 'assistant', message });
  into.member(path, value, 'output', { place: 'tool-results', role: 'tool', message });
}

function collectMedia(into: SlotCollector, path: string, media: Json | undefined, where: Whereabouts): void {
  if (!isJsonObject(media)) return;
  for (const [at, title] of members(path, media, 'displayName')) into.text(at, title, where);
  const [named] = members(path, media, 'mimeType');
  const type = typeof named?.[1] === 'string' ? named[1].toLowerCase() : '';
  const kind = (['image', 'audio', 'video'] as const).find((one) => type.startsWith(`${one}/`));
  into.note(kind ?? 'file');
}

function collectTools(into: SlotCollector, path: string, body: JsonObject): void {
  for (const list of members(path, body, 'tools')) {
    for (const [at, tool] of objects(list)) {
      noteRest(into, tool, GEMINI_TOOL, camelCase);
      for (const [to, search] of members(at, tool, 'fileSearch')) {
        if (!isJsonObject(search)) continue;
        for (const [filter, text] of members(to, search, 'metadataFilter')) into.text(filter, text, NOBODY);
      }
      for (const declared of members(at, tool, 'functionDeclarations')) {
        for (const [where, fn] of objects(declared)) {
          into.member(where, fn, 'description', NOBODY);
          noteToolName(into, fn['name']);
          noteRest(into, fn, GEMINI_FUNCTION, camelCase);
          collectSchemas(into, where, fn, ['parameters', 'parametersJsonSchema', 'response', 'responseJsonSchema']);
        }
      }
    }
  }
}

function collectSchemas(into: SlotCollector, path: string, object: JsonObject, names: readonly string[]): void {
  for (const name of names) {
    for (const [at, schema] of members(path, object, name)) collectSchema(into, at, schema);
  }
}

/** The texts of `embedContent` and `batchEmbedContents`. @see https://ai.google.dev/api/embeddings (checked 2026-11-22) */
export function collectGeminiEmbeddings(into: SlotCollector, body: JsonObject): void {
  collectEmbedded(into, '', body);
  for (const list of members('', body, 'requests')) {
    for (const [path, request] of objects(list)) collectEmbedded(into, path, request);
  }
}

function collectEmbedded(into: SlotCollector, path: string, request: JsonObject): void {
  for (const [at, content] of members(path, request, 'content')) {
    if (isJsonObject(content)) collectParts(into, at, content, NOBODY);
  }
  for (const [at, title] of members(path, request, 'title')) into.text(at, title, NOBODY);
  for (const [at, config] of members(path, request, 'embedContentConfig')) {
    if (isJsonObject(config)) for (const [to, title] of members(at, config, 'title')) into.text(to, title, NOBODY);
  }
}
