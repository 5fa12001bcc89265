import { GatewayError } from '../core/errors.ts';
import { isJsonObject } from '../core/json.ts';
import { MOST_TEXT } from './config-desk.ts';

/** @throws request_invalid */
export function readText(body: unknown): string {
  return textOf(members(body, ['text']));
}

/** @throws request_invalid */
export function readSave(body: unknown): { readonly text: string; readonly version: string | null } {
  const sent = members(body, ['text', 'version']);
  const { version } = sent;
  if (typeof version !== 'string' && version !== null) {
    throw invalid('version', '`version` must be that of the file that was edited, or null where there was none.');
  }
  return { text: textOf(sent), version };
}

function members(body: unknown, known: readonly string[]): Readonly<Record<string, unknown>> {
  if (!isJsonObject(body)) throw invalid(undefined, 'Send a JSON object.');
  const unknown = Object.keys(body).find((name) => !known.includes(name));
  if (unknown === undefined) return body;
  throw invalid(unknown, `There is no field ${JSON.stringify(unknown)}; there are: ${known.join(', ')}.`);
}

function textOf({ text }: Readonly<Record<string, unknown>>): string {
  if (typeof text !== 'string') throw invalid('text', '`text` must be the YAML of the configuration, as a text.');
  const bytes = Buffer.byteLength(text);
  if (bytes <= MOST_TEXT) return text;
  throw invalid('text', `The text has ${bytes} bytes, and ${MOST_TEXT} (256 KB) is the most that is read here.`);
}

function invalid(param: string | undefined, message: string): GatewayError {
  return new GatewayError('request_invalid', param === undefined ? { message } : { message, param });
}
