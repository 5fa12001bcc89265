import { type JsonObject, asCount, isJsonObject, parseJson } from '../../core/json.ts';

/** How much of a request's text was kept. */
export type Kept = 'whole' | 'redacted' | 'hashed' | 'cut' | 'absent';

export interface RecordedText {
  readonly kept: Kept;
  /** The client's body, where it can be read; with stand-ins for what was taken out. */
  readonly body: JsonObject | undefined;
  /** 64 hex digits of the whole body, where only that was kept. */
  readonly sha256: string | undefined;
  /** Of the whole body, as far as is known. */
  readonly bytes: number | undefined;
}

/**
 * What stands in for what was taken out: something of the same kind, so that what looks for such things finds it. They
 * are nobody's.
 */
const STAND_INS: ReadonlyMap<string, string> = new Map([
  ['[redacted]', `sk-proj-${'Ab1'.repeat(14)}`],
  ['[email]', 'someone@example.com'],
  ['[iban]', 'DE89 3704 0044 0532 0130 00'],
  ['[card]', '4111 1111 1111 1111'],
  ['[phone]', '+1 415 555 0132'],
  ['[id-number]', '11010519491231002X'],
]);
const MARKS = /\[(?:redacted|email|iban|card|phone|id-number)\]/g;
const CUT = /\[cut: \d+ of (\d+) bytes kept\]$/;

/** @param input as a trace has it */
export function textOf(input: unknown): RecordedText {
  if (typeof input === 'string') {
    const bytes = CUT.exec(input)?.[1];
    return { kept: 'cut', body: undefined, sha256: undefined, bytes: bytes === undefined ? undefined : Number(bytes) };
  }
  if (!isJsonObject(input)) return { kept: 'absent', body: undefined, sha256: undefined, bytes: undefined };
  const { sha256, bytes } = input;
  if (typeof sha256 === 'string' && sha256.length === 64 && Object.keys(input).length === 2) {
    return { kept: 'hashed', body: undefined, sha256, bytes: asCount(bytes) };
  }
  const text = JSON.stringify(input);
  const asWas = text.replaceAll(MARKS, (mark) => STAND_INS.get(mark) ?? mark);
  const whole = { sha256: undefined, bytes: Buffer.byteLength(text) };
  if (asWas === text) return { kept: 'whole', body: input, ...whole };
  const body = parseJson(asWas);
  return { kept: 'redacted', body: isJsonObject(body) ? body : input, ...whole };
}

/** The most tokens that the answer may have, as the dialects name it; undefined where the request does not say. */
export function outputLimitOf(body: JsonObject | undefined): number | undefined {
  if (!body) return undefined;
  const config = body['generationConfig'] ?? body['generation_config'];
  const inConfig = isJsonObject(config) ? (config['maxOutputTokens'] ?? config['max_output_tokens']) : undefined;
  const said = body['max_completion_tokens'] ?? body['max_tokens'] ?? body['max_output_tokens'] ?? inConfig;
  return asCount(said);
}
