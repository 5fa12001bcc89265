import { type Json, isJsonObject, parseJson } from '../../../core/json.ts';
import { SseSplitter } from '../../../models/transport/sse.ts';
import { EVENT_STREAM } from './form.ts';

/** One of these is in the bytes of every answer that names pages which its provider looked up. */
const SIGNS = ['url_citation', 'web_search_result', 'search_results', '"citations"', 'groundingMetadata'];

/** How a citation says what it is of, where that is a page that was searched for. */
const OF_SEARCH: ReadonlySet<Json> = new Set(['url_citation', 'web_search_result_location']);

/** Lists of what was found, whoever of OpenAI's kind has them, and Google's. */
export const FOUND = ['search_results', 'citations', 'groundingMetadata'];

/**
 * Whether an answer names what its provider looked up for it, unasked: it would find other things tomorrow. Citations
 * of documents that the request brought are none.
 */
export function hasSources(contentType: string, body: Buffer): boolean {
  if (!SIGNS.some((sign) => body.includes(sign))) return false;
  if (!contentType.startsWith(EVENT_STREAM)) return namesSources(parseJson(body.toString('utf8')));
  const { frames } = new SseSplitter().push(body);
  return frames.some(({ data }) => data !== undefined && namesSources(parseJson(data)));
}

function namesSources(value: Json | undefined): boolean {
  if (Array.isArray(value)) return value.some(namesSources);
  if (!isJsonObject(value)) return false;
  if (OF_SEARCH.has(value['type'] ?? null) || FOUND.some((name) => isFound(value[name]))) return true;
  return Object.values(value).some(namesSources);
}

/** Addresses, or what names one; a place in a document that the request brought is neither. */
function isFound(found: Json | undefined): boolean {
  if (Array.isArray(found)) return found.some((one) => typeof one === 'string' || (isJsonObject(one) && 'url' in one));
  return isJsonObject(found) && Object.keys(found).length > 0;
}
