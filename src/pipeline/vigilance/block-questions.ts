import { GatewayError } from '../../core/errors.ts';
import { type JsonObject, isJsonObject } from '../../core/json.ts';
import { clientNetwork, parseNetwork } from '../../core/network-address.ts';
import { parseDuration } from '../../core/units.ts';
import { LATEST_MS } from '../../storage/database/storable.ts';
import { SUBJECT_KINDS, type Subject, boundedId } from './subject.ts';

/** What an admin asks for. */
export interface AskedBlock {
  readonly subject: Subject;
  readonly reason: string | undefined;
  readonly expiresAt: Date | undefined;
}

const FIELDS = ['kind', 'subject', 'project', 'reason', 'for', 'expiresAt'];
const MAX_TEXT_CHARS = 200;

/** @throws request_invalid with the field at fault and what would be right */
export function readBlock(body: unknown, now: number): AskedBlock {
  if (!isJsonObject(body)) throw new GatewayError('request_invalid', { message: 'The body must be a JSON object.' });
  const unknown = Object.keys(body).find((name) => !FIELDS.includes(name));
  if (unknown !== undefined) throw invalid(unknown, `is not known here. There are ${FIELDS.join(', ')}`);
  return { subject: readSubject(body), reason: readText(body, 'reason'), expiresAt: readExpiry(body, now) };
}

function readSubject(body: JsonObject): Subject {
  const kind = SUBJECT_KINDS.find((known) => known === body['kind']);
  if (!kind) throw invalid('kind', `must be one of ${SUBJECT_KINDS.join(', ')}`);
  const id = readText(body, 'subject');
  if (id === undefined) throw invalid('subject', 'must say whom: an address, the id of a key, a user or a project');
  const project = readText(body, 'project');
  if (project !== undefined && kind !== 'user')
    throw invalid('project', 'is only for a user: the one whose user it is');
  return { kind, id: kind === 'ip' ? readAddress(id) : boundedId(id), project };
}

function readAddress(text: string): string {
  const [address = '', bits] = text.split('/');
  const network = parseNetwork(text);
  const isWhole = bits === undefined || (network?.family === 'ipv6' && bits === '64');
  if (network && isWhole) return clientNetwork(address);
  throw invalid('subject', 'must be one IP address; of IPv6 its network of 64 bits is blocked');
}

function readExpiry(body: JsonObject, now: number): Date | undefined {
  const [lasts, until] = [readText(body, 'for'), readText(body, 'expiresAt')];
  if (lasts !== undefined && until !== undefined)
    throw invalid('for', 'and `expiresAt` say the same. Give one of them');
  if (lasts !== undefined) {
    const ms = parseDuration(lasts);
    if (ms && now + ms <= LATEST_MS) return new Date(now + ms);
    throw invalid('for', 'must be a duration such as 30m, 1h or 7d');
  }
  if (until === undefined) return undefined;
  const at = Date.parse(until);
  if (at > now && at <= LATEST_MS) return new Date(at);
  throw invalid('expiresAt', 'must be a time to come in RFC 3339, e.g. 2030-01-31T00:00:00Z');
}

function readText(body: JsonObject, name: string): string | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string' && value !== '' && value.length <= MAX_TEXT_CHARS) return value;
  throw invalid(name, `must be a text of 1 to ${MAX_TEXT_CHARS} characters`);
}

function invalid(param: string, fault: string): GatewayError {
  return new GatewayError('request_invalid', { message: `\`${param}\` ${fault}.`, param });
}
