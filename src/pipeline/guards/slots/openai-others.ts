import type { Operation } from '../../../core/call.ts';
import { type Json, type JsonObject, isJsonObject } from '../../../core/json.ts';
import { NOBODY, type SlotCollector, type Whereabouts, eachObject } from './collector.ts';
import { OTHERS, noteRest, noteStops } from './known-fields.ts';

/**
 * The texts of OpenAI's operations that are no chat, by the fields that carry some.
 * @see https://platform.openai.com/docs/api-reference (checked 2026-11-22)
 */
export function collectOpenAiOther(into: SlotCollector, operation: Operation, body: JsonObject): void {
  noteRest(into, body, OTHERS);
  noteStops(into, body['stop']);
  switch (operation) {
    case 'completion':
      collectPrompts(into, body['prompt']);
      into.text('/suffix', body['suffix'], { ...NOBODY, role: 'user' });
      break;
    case 'embeddings':
      collectTexts(into, '/input', body['input'], () => NOBODY);
      eachObject('/input', body['input'], (path, one) => into.value(path, one, NOBODY));
      break;
    case 'moderation':
      collectTexts(into, '/input', body['input'], () => NOBODY);
      eachObject('/input', body['input'], (path, part) => {
        into.member(path, part, 'text', NOBODY);
        if (part['type'] === 'image_url') into.note('image');
      });
      break;
    case 'rerank':
      collectRanked(into, body);
      break;
    case 'speech':
      for (const name of ['input', 'instructions']) into.member('', body, name, NOBODY);
      break;
    case 'image':
    case 'image-edit':
    case 'transcription':
    case 'audio-translation':
      into.text('/prompt', body['prompt'], { ...NOBODY, role: 'user' });
      if (operation === 'image-edit') into.note('image');
      else if (operation !== 'image') into.note('audio');
      break;
    case 'image-variation':
      into.note('image');
      break;
    default:
  }
}

/** Each prompt of a completion is somebody's message. */
function collectPrompts(into: SlotCollector, prompt: Json | undefined): void {
  collectTexts(into, '/prompt', prompt, (message) => ({ place: 'input', role: 'user', message }));
}

/** A text, or texts; what is given as tokens is no text. */
function collectTexts(
  into: SlotCollector,
  path: string,
  value: Json | undefined,
  where: (at: number) => Whereabouts,
): void {
  into.text(path, value, where(0));
  if (!Array.isArray(value)) return;
  let tokens = false;
  for (const [at, one] of value.entries()) {
    if (typeof one === 'string') into.text(`${path}/${at}`, one, where(at));
    else if (typeof one === 'number' || Array.isArray(one)) tokens = true;
  }
  if (tokens) into.note('tokens');
}

/** Documents are texts, or objects whose fields all are. */
function collectRanked(into: SlotCollector, { query, documents }: JsonObject): void {
  if (isJsonObject(query)) into.value('/query', query, NOBODY);
  else into.text('/query', query, NOBODY);
  if (!Array.isArray(documents)) return;
  const where: Whereabouts = { place: 'retrieved', role: 'none', message: -1 };
  for (const [at, document] of documents.entries()) into.value(`/documents/${at}`, document, where);
}
