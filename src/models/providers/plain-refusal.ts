import type { GatewayError } from '../../core/errors.ts';
import { asString, isJsonObject, parseJson } from '../../core/json.ts';
import { codeForStatus, plainWords, refusalError } from './map-status.ts';

/** A refusal of a server that says it by its status and a few words: `{ detail }`, `{ error }`, `{ message }`. */
export function plainRefusal(status: number, headers: Readonly<Record<string, string>>, body: Buffer): GatewayError {
  const json = parseJson(body.toString('utf8'));
  const shape = isJsonObject(json) ? 'json' : 'foreign';
  const message = plainWords(json) ?? validationWords(json);
  return refusalError({ dialect: 'openai', code: codeForStatus(status), status, headers, body, shape, message });
}

/** FastAPI's own: `{ detail: [{ loc: ['body', 'input'], msg }] }`. */
function validationWords(body: unknown): string | undefined {
  const detail = isJsonObject(body) && Array.isArray(body['detail']) ? body['detail'] : [];
  const first = detail.find(isJsonObject);
  const words = asString(first?.['msg']);
  const path = Array.isArray(first?.['loc']) ? first['loc'] : [];
  const where = path.flatMap((part) => (typeof part === 'object' || part === 'body' ? [] : [`${part}`])).join('.');
  return words === undefined || where === '' ? words : `${where}: ${words}`;
}
