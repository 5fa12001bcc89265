import type { BodyPatch } from '../../core/body-patch.ts';
import { type Json, type JsonObject, isJsonObject } from '../../core/json.ts';
import { redactSecrets } from '../../core/redaction.ts';
import type { JournalEntry, KeptText } from '../journal/entry-codec.ts';
import type { AttemptRecord, BodyPolicy, CallRecord, SpanRecord } from '../journal/record.ts';
import { redactTexts } from './redact-texts.ts';

/** A longer value of a patch is taken for a text, JSON characters. */
const LONGEST_FACT = 128;
const NOT_KEPT = '[not kept]';
/** How much of the end of a cut text is looked at for half of something. */
const TAIL_CHARS = 256;
const HALF_AT_END = /(?:[+(]?\d[\d ().\u00A0-]{4,30}|[^\s"\\]{1,256})$/;

type Clean = (text: string) => string;

/**
 * The entry as the policy of its project lets it be kept: texts, and what clients and providers wrote into its facts.
 * Keys and credentials are kept under no policy, but in texts that are kept whole.
 */
export function keptTexts(entry: JournalEntry): JournalEntry {
  const { record, input, output } = entry;
  const { bodies } = record.policy;
  const clean = bodies === 'full' ? redactSecrets : redactTexts;
  const isRedacted = bodies === 'redacted';
  return {
    ...entry,
    record: keptFacts(withCleanMessages(record, clean), bodies, clean),
    input: isRedacted && input ? redactedText(input) : input,
    output: isRedacted && output ? redactedText(output) : output,
  };
}

function withCleanMessages(record: CallRecord, clean: Clean): CallRecord {
  const { error, warnings, requestModel } = record;
  return {
    ...record,
    error: error && { ...error, message: clean(error.message) },
    warnings: warnings.length === 0 ? warnings : warnings.map(clean),
    requestModel: requestModel === undefined ? requestModel : clean(requestModel),
  };
}

function keptFacts(record: CallRecord, bodies: BodyPolicy, clean: Clean): CallRecord {
  const { metadata, patches, attempts, spans } = record;
  const keptPatches = (all: readonly BodyPatch[]) =>
    all.length === 0 ? all : all.map((one) => keptPatch(one, bodies, clean));
  return {
    ...record,
    metadata: metadata && cleanObject(metadata, clean),
    patches: keptPatches(patches),
    attempts: attempts.map((attempt): AttemptRecord => ({ ...attempt, patches: keptPatches(attempt.patches) })),
    spans: spans.map((span): SpanRecord => ({ ...span, detail: span.detail && cleanObject(span.detail, clean) })),
  };
}

/** Where no texts are kept, they are not kept as parts of patches either. */
function keptPatch(patch: BodyPatch, bodies: BodyPolicy, clean: Clean): BodyPatch {
  if (patch.op === 'remove') return patch;
  const keepsNoTexts = bodies === 'hashed' || bodies === 'none';
  if (keepsNoTexts && lengthOf(patch.value) > LONGEST_FACT) return { ...patch, value: NOT_KEPT };
  return { ...patch, value: cleanValue(patch.value, clean) };
}

function cleanObject(value: JsonObject, clean: Clean): JsonObject {
  const kept = cleanValue(value, clean);
  return isJsonObject(kept) ? kept : { [NOT_KEPT]: kept };
}

function cleanValue(value: Json, clean: Clean): Json {
  try {
    const text = JSON.stringify(value);
    const kept = clean(text);
    return kept === text ? value : (JSON.parse(kept) as Json);
  } catch {
    return NOT_KEPT;
  }
}

function lengthOf(value: Json): number {
  try {
    return JSON.stringify(value).length;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

function redactedText({ bytes, wholeLength }: KeptText): KeptText {
  const cutOff = wholeLength - bytes.length;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
  const clean = redactTexts(cutOff > 0 ? withoutHalf(text) : text);
  if (clean === text) return { bytes, wholeLength };
  const redacted = Buffer.from(clean);
  return { bytes: redacted, wholeLength: redacted.length + cutOff };
}

/** Half a card number or address at the end is not recognised, so the last word of a cut text goes. */
function withoutHalf(text: string): string {
  const end = Math.max(0, text.length - TAIL_CHARS);
  return text.slice(0, end) + text.slice(end).replace(HALF_AT_END, '');
}
