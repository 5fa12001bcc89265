import type { Call, Dialect } from '../../../core/call.ts';
import { type Json, type JsonObject, asString, isJsonObject } from '../../../core/json.ts';
import { pointerPart } from '../../../core/json-spans.ts';

/** An image of a request. */
export interface SentImage {
  /** Where it stands; {@link pointerOf} writes that as text. */
  readonly place: Place;
  /** Bytes; undefined where only its address, or the id of a file, is sent. */
  readonly bytes: number | undefined;
}

/** Where each dialect has what a model looks at. */
const ROOTS: Readonly<Record<Dialect, readonly string[]>> = {
  openai: ['messages', 'input'],
  responses: ['input'],
  anthropic: ['messages', 'system'],
  gemini: ['contents', 'content', 'requests', 'systemInstruction', 'system_instruction'],
};

/**
 * The images within a request's JSON, in no order. Whatever stands within its messages is looked through, so that images
 * in results of tools and in documents are found as well; what tools are called with is not.
 */
export function imagesIn({ dialect, body }: Pick<Call, 'dialect' | 'body'>): SentImage[] {
  const root = body.resolved;
  const found: SentImage[] = [];
  const open: Holder[] = [];
  for (const name of ROOTS[dialect]) {
    const value = root[name];
    if (isHolder(value)) open.push({ value, place: { parent: undefined, name } });
  }
  for (let next = open.pop(); next; next = open.pop()) {
    const { value, place } = next;
    const image = Array.isArray(value) ? undefined : imageOf(value);
    if (image) found.push({ place, bytes: image.bytes });
    else addChildren(open, value, place);
  }
  return found;
}

/** A value that others are in. */
interface Holder {
  readonly value: Json[] | JsonObject;
  readonly place: Place;
}

function isHolder(value: Json | undefined): value is Json[] | JsonObject {
  return typeof value === 'object' && value !== null;
}

function addChildren(open: Holder[], value: Json[] | JsonObject, place: Place): void {
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length; at += 1) {
      const item = value[at];
      if (isHolder(item)) open.push({ value: item, place: { parent: place, name: at } });
    }
    return;
  }
  // Arguments of tools may look like anything.
  const isToolUse = value['type'] === 'tool_use' || value['type'] === 'server_tool_use';
  for (const name of Object.keys(value)) {
    const member = value[name];
    if (!isHolder(member) || (isToolUse && name === 'input') || CALLED.has(name)) continue;
    open.push({ value: member, place: { parent: place, name } });
  }
}

const CALLED: ReadonlySet<string> = new Set(['functionCall', 'function_call']);

/** One step into a JSON value, with those before it. */
export interface Place {
  readonly parent: Place | undefined;
  readonly name: string | number;
}

/** The place as a JSON pointer. */
export function pointerOf(place: Place): string {
  const parts: string[] = [];
  for (let at: Place | undefined = place; at; at = at.parent) {
    parts.push(pointerPart(String(at.name)));
  }
  return `/${parts.toReversed().join('/')}`;
}

type Image = Pick<SentImage, 'bytes'>;

/**
 * @see https://platform.openai.com/docs/guides/images-vision (checked 2026-11-22)
 * @see https://platform.claude.com/docs/en/build-with-claude/vision (checked 2026-11-22)
 * @see https://ai.google.dev/api/caching#Part (checked 2026-11-22)
 */
function imageOf(value: JsonObject): Image | undefined {
  switch (value['type']) {
    case 'image_url':
      return ofUrl(urlIn(value['image_url']));
    case 'input_image':
    case 'computer_screenshot':
      return ofUrl(urlIn(value['image_url']));
    case 'image':
      return isJsonObject(value['source']) ? ofSource(value['source']) : undefined;
    default:
      return ofGeminiPart(value);
  }
}

function urlIn(value: Json | undefined): string | undefined {
  return asString(isJsonObject(value) ? value['url'] : value);
}

function ofUrl(url: string | undefined): Image {
  return { bytes: url === undefined ? undefined : dataUrlBytes(url) };
}

function ofSource(source: JsonObject): Image {
  const data = asString(source['data']);
  return { bytes: data === undefined ? undefined : base64Bytes(data, 0) };
}

function ofGeminiPart(value: JsonObject): Image | undefined {
  const inline = value['inlineData'] ?? value['inline_data'];
  const file = value['fileData'] ?? value['file_data'];
  const media = isJsonObject(inline) ? inline : file;
  if (!isJsonObject(media)) return undefined;
  const type = asString(media['mimeType'] ?? media['mime_type']);
  if (!type?.toLowerCase().startsWith('image/')) return undefined;
  const data = media === inline ? asString(media['data']) : undefined;
  return { bytes: data === undefined ? undefined : base64Bytes(data, 0) };
}

/** A data URL's header ends within so many characters. */
const MOST_HEADER = 256;

function dataUrlBytes(url: string): number | undefined {
  const head = url.slice(0, MOST_HEADER);
  if (!/^\s{0,8}data:/i.test(head)) return undefined;
  const comma = head.indexOf(',');
  if (comma < 0) return undefined;
  // Without base64 each byte is a character, or three.
  return /;\s{0,8}base64\s{0,8}$/i.test(head.slice(0, comma)) ? base64Bytes(url, comma + 1) : url.length - comma - 1;
}

function base64Bytes(text: string, from: number): number {
  let end = text.length;
  while (end > from && end > text.length - 2 && text[end - 1] === '=') end -= 1;
  return Math.floor(((end - from) * 3) / 4);
}
