import { asString, isJsonObject, parseJson } from '../../core/json.ts';
import type { Answer } from './ask.ts';

const MAX_CHARS = 200;

/** Whether the answer is a success, of which there is nothing to say. */
export function isFine(answer: Answer): boolean {
  return 'status' in answer && answer.status >= 200 && answer.status < 300;
}

/** Whether the server does not take such a request at all, of which another kind may do. */
export function isWrongKind(answer: Answer): boolean {
  return 'status' in answer && WRONG_KIND.has(answer.status);
}

const WRONG_KIND: ReadonlySet<number> = new Set([400, 404, 405, 415, 422, 501]);

/** In words for people, the same for the same trouble, so that a change can be told. */
export function reasonOf(answer: Answer): string {
  if ('failure' in answer) return FAILURES[answer.failure];
  const said = messageIn(answer.text);
  return said === undefined ? `it answered ${answer.status}` : `it answered ${answer.status}: ${said}`;
}

const FAILURES = {
  connect: 'no connection could be made',
  timeout: 'it did not answer in time',
  broken: 'it broke off its answer',
} as const;

/** `{ error: { message } }` as most say it, `{ error }` or `{ message }`. */
function messageIn(text: string): string | undefined {
  const json = parseJson(text);
  if (!isJsonObject(json)) return undefined;
  const { error } = json;
  const message = isJsonObject(error) ? asString(error['message']) : (asString(error) ?? asString(json['message']));
  return message?.slice(0, MAX_CHARS);
}
