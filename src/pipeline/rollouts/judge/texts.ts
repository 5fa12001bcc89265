import type { Call } from '../../../core/call.ts';
import type { Message } from '../../../core/inference/content.ts';
import { isJsonObject, parseJson } from '../../../core/json.ts';
import { eventsIn } from '../../../models/answers/provider-wire.ts';
import { textIn } from '../../../models/answers/text-in.ts';
import type { ModelCatalog } from '../../../models/catalog.ts';

/** The end of a conversation says what was asked. Code units. */
const MOST_ASKED = 12_000;

/** What was asked, turn by turn; undefined where it has no text or cannot be read. */
export function askedText(call: Pick<Call, 'inference'>): string | undefined {
  try {
    const turns = call.inference.messages.map(turnText).filter((turn) => turn !== '');
    return turns.length === 0 ? undefined : turns.join('\n\n').slice(-MOST_ASKED);
  } catch {
    return undefined;
  }
}

function turnText({ role, content }: Message): string {
  const text = content.map((part) => (part.type === 'text' ? part.text : `[${part.type}]`)).join('\n');
  return text === '' ? '' : `${role}: ${text}`;
}

/**
 * What an answer says, of a record's text: as its target sent it, or put together of a stream. One that was cut at its
 * length is judged as it is: an arm may be that it is shorter.
 * @returns undefined where it is more than text, or cannot be read
 */
export function answerText(catalog: ModelCatalog, call: Call, target: string, output: Uint8Array): string | undefined {
  const bytes = Buffer.from(output.buffer, output.byteOffset, output.byteLength);
  const said = parseJson(bytes.toString());
  if (!Array.isArray(said)) return textIn(eventsIn(catalog, call, target, bytes) ?? [], true);
  const [only] = said;
  if (said.length !== 1 || !isJsonObject(only) || only['tool_calls'] !== undefined) return undefined;
  const { content, refusal } = only;
  return refusal === undefined && typeof content === 'string' && content.trim() !== '' ? content : undefined;
}
