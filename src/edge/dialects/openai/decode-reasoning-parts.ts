import type { ReasoningPart } from '../../../core/inference/content.ts';
import { type Fields, given } from '../decoding/fields.ts';
import { REASONING_ENTRIES } from '../../../core/inference/reasoning-entries.ts';

/**
 * What the assistant thought before it answered: our own list with the proofs where the client sent it back, else the
 * bare text, under either of the names that servers of this API give it.
 */
export function decodeReasoningParts(message: Fields): readonly ReasoningPart[] {
  const entries = message.objects(REASONING_ENTRIES);
  const name = message.has('reasoning_content') ? 'reasoning_content' : 'reasoning';
  const text = message.text(name);
  message.ignore('reasoning');
  if (entries.length > 0) {
    message.uses('reasoning-history', REASONING_ENTRIES);
    return entries.map(decodeEntry);
  }
  if (text === undefined || text === '') return [];
  message.uses('reasoning-history', name);
  return [{ type: 'reasoning', text }];
}

function decodeEntry(entry: Fields): ReasoningPart {
  const part = entry.requiredOneOf('type', ['text', 'redacted']) === 'text' ? textEntry(entry) : redactedEntry(entry);
  entry.close();
  return part;
}

function textEntry(entry: Fields): ReasoningPart {
  const signature = entry.text('signature');
  if (signature !== undefined) entry.uses('reasoning-signature', 'signature');
  return { type: 'reasoning', text: entry.requiredText('text'), ...given({ signature }) };
}

function redactedEntry(entry: Fields): ReasoningPart {
  entry.uses('redacted-reasoning', 'data');
  return { type: 'reasoning', text: '', redacted: entry.requiredText('data') };
}
