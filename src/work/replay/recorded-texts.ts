import { type JsonObject, asCount, isJsonObject } from '../../core/json.ts';

/** How much of a request's text was kept. */
export const KEPT = ['whole', 'redacted', 'hashed', 'cut', 'absent'] as const;
export type Kept = (typeof KEPT)[number];

export interface RecordedText {
  readonly kept: Kept;
  /** The client's body, where it can be read. */
  readonly body: JsonObject | undefined;
  /** 64 hex digits of the whole body, where only that was kept. */
  readonly sha256: string | undefined;
  /** Of the whole body, as far as is known. */
  readonly bytes: number | undefined;
}

const MARK = /\[(?:redacted|email|iban|card|phone|id-number|not kept)\]/;
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
  const kept = MARK.test(text) ? 'redacted' : 'whole';
  return { kept, body: input, sha256: undefined, bytes: Buffer.byteLength(text) };
}

/** The most tokens that the answer may have, as the dialects name it; undefined where the request does not say. */
export function outputLimitOf(body: JsonObject | undefined): number | undefined {
  if (!body) return undefined;
  const config = body['generationConfig'] ?? body['generation_config'];
  const inConfig = isJsonObject(config) ? (config['maxOutputTokens'] ?? config['max_output_tokens']) : undefined;
  const said = body['max_completion_tokens'] ?? body['max_tokens'] ?? body['max_output_tokens'] ?? inConfig;
  return asCount(said);
}
