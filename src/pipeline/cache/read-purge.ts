import { GatewayError } from '../../core/errors.ts';
import { type JsonObject, isJsonObject } from '../../core/json.ts';
import { storableText } from '../../storage/database/storable.ts';
import type { PurgeFilter } from './store/answer-store.ts';

const FIELDS = ['key', 'model', 'tag', 'project', 'user', 'prompt_version'] as const;
type Field = (typeof FIELDS)[number];
const MAX_TEXT_CHARS = 512;

/** Which answers an admin wants to be deleted. @throws request_invalid with the field at fault and what would be right */
export function readPurge(body: unknown): PurgeFilter {
  if (!isJsonObject(body)) throw new GatewayError('request_invalid', { message: 'The body must be a JSON object.' });
  const known: readonly string[] = [...FIELDS, 'all'];
  const unknown = Object.keys(body).find((name) => !known.includes(name));
  if (unknown !== undefined) throw invalid(unknown, `is not known here. There are ${known.join(', ')}`);
  const [key, model, tag, project, user, promptVersion] = FIELDS.map((field) => readText(body, field));
  const filter = { key, model, tag, project, user, promptVersion };
  const isOfAll = Object.values(filter).every((value) => value === undefined);
  const { all } = body;
  if (all !== undefined && all !== null && typeof all !== 'boolean') throw invalid('all', 'must be true or false');
  if (isOfAll && all !== true) {
    throw invalid(
      'all',
      `must be true where all answers are to be deleted; else name at least one of ${FIELDS.join(', ')}`,
    );
  }
  if (!isOfAll && all === true) throw invalid('all', 'is not for a purge that names which answers it is for');
  return filter;
}

function readText(body: JsonObject, name: Field): string | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string' && value !== '' && value.length <= MAX_TEXT_CHARS) return storableText(value);
  throw invalid(name, `must be a text of 1 to ${MAX_TEXT_CHARS} characters`);
}

function invalid(param: string, fault: string): GatewayError {
  return new GatewayError('request_invalid', { message: `\`${param}\` ${fault}.`, param });
}
