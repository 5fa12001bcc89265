import { type Json, type JsonObject, isJsonObject } from '../json.ts';
import { parseExact } from './exact-json.ts';

/** Where the text of a tool's arguments stands that are no JSON object, on a wire that has objects only. */
export const RAW_ARGUMENTS = '_arguments';

/**
 * The arguments of a tool call for a wire that has them as an object: none at all are `{}`, and long numbers stay as
 * they were written. `exact` is false where the text is no JSON object and stands whole under {@link RAW_ARGUMENTS}.
 */
export function parseArguments(text: string): { readonly input: JsonObject; readonly exact: boolean } {
  const trimmed = text.trim();
  if (trimmed === '') return { input: {}, exact: true };
  // A lone long number is an object too once it is parsed exactly, so the text itself has to be one.
  const input = trimmed.startsWith('{') ? parseOrUndefined(trimmed) : undefined;
  return isJsonObject(input) ? { input, exact: true } : { input: { [RAW_ARGUMENTS]: text }, exact: false };
}

function parseOrUndefined(text: string): Json | undefined {
  try {
    return parseExact(text);
  } catch {
    return undefined;
  }
}
