import type { DocumentPart, ImagePart, ToolResultPart } from '../../../core/inference/content.ts';
import type { JsonObject } from '../../../core/json.ts';
import { documentSource, imagePart } from './build-parts.ts';
import type { Building } from './building.ts';

export interface BuiltResult {
  /** The part of the function's response. */
  readonly response: JsonObject;
  /** What it cannot hold: parts of the user's message behind it. */
  readonly behind: readonly JsonObject[];
}

/** Where nobody said which call it is the result of. */
const UNKNOWN = 'unknown_function';

/**
 * A tool's result. Media stand in it from Gemini 3 on, and behind it before that.
 * @see https://ai.google.dev/gemini-api/docs/function-calling (read in the types of @google/genai 3.1.0, checked 2026-11-21)
 */
export function resultParts(result: ToolResultPart, name: string | undefined, building: Building): BuiltResult {
  const media: JsonObject[] = [];
  const behind: JsonObject[] = [];
  const texts: string[] = [];
  for (const part of result.content) {
    const built = part.type === 'text' ? [{ text: part.text }] : mediaParts(part, building);
    for (const each of built) {
      if (typeof each['text'] === 'string') texts.push(each['text']);
      else if (building.traits.generation === 'from-3' && each['inlineData'] !== undefined) media.push(each);
      else behind.push(lost(each, part, building));
    }
  }
  const output = texts.join('\n\n');
  return {
    response: {
      functionResponse: {
        ...(building.flavour.callIds ? { id: result.toolCallId } : {}),
        name: name ?? UNKNOWN,
        response: result.isError ? { error: output } : { output },
        ...(media.length === 0 ? {} : { parts: media }),
      },
    },
    behind: behind.length === 0 ? [] : [{ text: `From the result of ${name ?? UNKNOWN}:` }, ...behind],
  };
}

function mediaParts(part: ImagePart | DocumentPart, { translation }: Building): JsonObject[] {
  if (part.type === 'image') return [imagePart(part, translation)];
  const { title, context } = part;
  const said = [title, context].flatMap((line) => (line ? [{ text: line }] : []));
  return [...said, ...documentSource(part.source, translation)];
}

function lost(built: JsonObject, part: { readonly type: string }, { translation }: Building): JsonObject {
  translation.lose(part.type === 'image' ? 'tool-result-image' : 'tool-result-document');
  return built;
}
