import { type Json, type JsonObject, isJsonObject, parseJson } from '../../core/json.ts';
import type { JournalEntry, KeptText } from '../journal/entry-codec.ts';
import type { CallRecord } from '../journal/record.ts';
import { ATTR } from './conventions.ts';
import type { ExportPlan } from './export-plan.ts';
import { inputOf } from './input-messages.ts';
import { hasParts, outputOf } from './output-messages.ts';
import { cleanJson } from './redact-json.ts';

type Content = ExportPlan['content'];

/** What spans may hold of the texts of a call. */
export interface CallContent {
  /** The client's body, where it was asked for its numbers. */
  readonly request: JsonObject | undefined;
  readonly messages: Readonly<Record<string, string>>;
  readonly metadata: string | undefined;
  /** Something was too long to go along. */
  readonly truncated: boolean;
}

/** Characters of one attribute. Collectors take requests of a few megabytes, and a request has many spans. */
const MAX_CHARS = 48 * 1024;
const MAX_TEXT_CHARS = 16 * 1024;
const CUT = '… [cut]';

const SPOKEN: ReadonlySet<CallRecord['operation']> = new Set(['chat', 'completion']);

/** What an export may hold of a record is never more than what the record itself may keep. */
export function contentAllowed(wanted: Content, bodies: CallRecord['policy']['bodies'] | undefined): Content {
  if (wanted === 'none' || bodies === 'none' || bodies === 'hashed') return 'none';
  return wanted === 'full' && bodies === 'full' ? 'full' : 'redacted';
}

export function contentOf(entry: JournalEntry, wanted: Content): CallContent {
  const { record, input } = entry;
  const allowed = contentAllowed(wanted, record.policy.bodies);
  const request = bodyOf(input);
  if (allowed === 'none') return { request, messages: {}, metadata: undefined, truncated: false };
  try {
    return { request, ...written(entry, request, new AttributeWriter(allowed)) };
  } catch {
    // Nested too deeply to be walked.
    return { request, messages: {}, metadata: undefined, truncated: true };
  }
}

function written(
  { record, input, output, textsDropped }: JournalEntry,
  request: JsonObject | undefined,
  writer: AttributeWriter,
): Omit<CallContent, 'request'> {
  const messages: Record<string, string> = {};
  if (request && SPOKEN.has(record.operation)) {
    const { system, messages: said } = inputOf(record.dialect, request);
    if (system.length > 0) messages[ATTR.systemInstructions] = writer.list(system);
    if (hasParts(said)) messages[ATTR.inputMessages] = writer.list(said);
  }
  const answer = output && wholeJson(output);
  if (answer !== undefined && SPOKEN.has(record.operation)) {
    const said = outputOf(answer, record.finishReason);
    if (hasParts(said)) messages[ATTR.outputMessages] = writer.list(said);
  }
  return {
    messages,
    metadata: record.metadata === undefined ? undefined : writer.one(record.metadata),
    truncated: writer.truncated || textsDropped || isCut(input) || isCut(output),
  };
}

function bodyOf(text: KeptText | undefined): JsonObject | undefined {
  const body = text && wholeJson(text);
  return isJsonObject(body) ? body : undefined;
}

/** Half a text is no JSON. */
function wholeJson(text: KeptText): Json | undefined {
  if (isCut(text)) return undefined;
  const { buffer, byteOffset, byteLength } = text.bytes;
  return parseJson(Buffer.from(buffer, byteOffset, byteLength).toString('utf8'));
}

function isCut(text: KeptText | undefined): boolean {
  return text !== undefined && text.bytes.length < text.wholeLength;
}

/** Writes JSON for attributes: cleaned first and cut afterwards, since half a secret is not recognised. */
class AttributeWriter {
  readonly #isRedacted: boolean;
  truncated = false;

  constructor(content: Exclude<Content, 'none'>) {
    this.#isRedacted = content === 'redacted';
  }

  /** The last ones that fit: in a long conversation the end tells the most. */
  list(values: readonly object[]): string {
    const texts = values.map((value) => this.#write(value as unknown as Json));
    let room = MAX_CHARS;
    let first = texts.length;
    while (first > 0 && room >= (texts[first - 1] ?? '').length) {
      first -= 1;
      room -= (texts[first] ?? '').length + 1;
    }
    if (first > 0) this.truncated = true;
    return `[${texts.slice(first).join(',')}]`;
  }

  /** Undefined where it is too long. */
  one(value: Json): string | undefined {
    const text = this.#write(value);
    if (text.length <= MAX_CHARS) return text;
    this.truncated = true;
    return undefined;
  }

  #write(value: Json): string {
    return cleanJson(value, { isRedacted: this.#isRedacted, cut: (text) => this.#cut(text) });
  }

  #cut(text: string): string {
    if (text.length <= MAX_TEXT_CHARS) return text;
    this.truncated = true;
    return text.slice(0, MAX_TEXT_CHARS) + CUT;
  }
}
