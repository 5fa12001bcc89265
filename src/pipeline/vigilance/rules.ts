import { crc32 } from 'node:zlib';

import { type Call, type Principal, header } from '../../core/call.ts';
import type { ErrorCode } from '../../core/errors.ts';
import { clientNetwork } from '../../core/network-address.ts';
import type { CallRecord } from '../../records/journal/record.ts';
import { DistinctValues } from './distinct.ts';
import type { Findings, RuleName } from './findings.ts';
import { closeLook, glance, isSeenWhole } from './request-print.ts';
import type { CountSettings } from './settings.ts';
import { type Subject, subjectName, userOf } from './subject.ts';
import { Tallies, type Tally } from './tallies.ts';

/** How many keys, users and addresses are known at a time, for each rule. */
const MOST_SUBJECTS = 10_000;
const MOST_REQUESTS = 20_000;

/** Refusals that a client brings on itself. Of a provider's, and of blocks, it is no further fault. */
const REFUSALS: ReadonlySet<ErrorCode> = new Set([
  'auth_missing_key',
  'auth_invalid_key',
  'auth_forbidden',
  'limit_requests',
  'limit_tokens',
  'limit_concurrency',
  'budget_exhausted',
]);

export function isRefusal(record: CallRecord): boolean {
  return record.error !== undefined && REFUSALS.has(record.error.code);
}

/** Looks at a call that ended. */
export interface Rule {
  see(call: Call, record: CallRecord, at: number): void;
}

/** A burst of refusals. */
export class RefusalRule implements Rule {
  readonly #settings: CountSettings;
  readonly #findings: Findings;
  readonly #tallies: Tallies;

  constructor(settings: CountSettings, findings: Findings) {
    this.#settings = settings;
    this.#findings = findings;
    this.#tallies = new Tallies(MOST_SUBJECTS, settings.within);
  }

  see(call: Call, record: CallRecord, at: number): void {
    if (!isRefusal(record)) return;
    for (const subject of refusedSubjects(call, record)) this.#count(subject, call, record, at);
  }

  #count(subject: Subject, { clientIp }: Call, { traceId, error }: CallRecord, at: number): void {
    const tally = this.#tallies.of(subjectName(subject));
    const { count, within, block } = this.#settings;
    const seen = tally.add(at, traceId);
    if (seen < count || !this.#findings.isNew('refusals', subject, at)) return;
    if (subject.kind === 'ip' && this.#findings.isExcepted(clientIp)) return;
    const evidence = { ...countEvidence(seen, within, tally), last_error: error?.code };
    this.#findings.tell({ rule: 'refusals', subject, at, block, evidence });
  }
}

/** An address has to answer only for requests that nobody else has to. */
function refusedSubjects(call: Call, record: CallRecord): Subject[] {
  const { principal, clientIp } = call;
  if (!principal) return clientIp === '' ? [] : [{ kind: 'ip', id: clientNetwork(clientIp) }];
  const user = userOf(call, record);
  const key: Subject = { kind: 'key', id: principal.keyId };
  return user === undefined ? [key] : [key, { kind: 'user', id: user, project: principal.project }];
}

/** Many different keys from one address: such as are in use, or such as do not exist. */
export class KeysRule implements Rule {
  readonly #rule: RuleName;
  readonly #keyOf: (call: Call, record: CallRecord) => string | undefined;
  readonly #settings: CountSettings;
  readonly #findings: Findings;
  readonly #keys: DistinctValues;

  constructor(rule: 'keys_per_address' | 'guessed_keys', settings: CountSettings, findings: Findings) {
    this.#rule = rule;
    this.#keyOf = rule === 'guessed_keys' ? guessedKey : usedKey;
    this.#settings = settings;
    this.#findings = findings;
    this.#keys = new DistinctValues(MOST_SUBJECTS, settings.count, settings.within);
  }

  see(call: Call, record: CallRecord, at: number): void {
    const { clientIp } = call;
    const key = this.#keyOf(call, record);
    if (key === undefined || clientIp === '') return;
    const id = clientNetwork(clientIp);
    const { count, within, block } = this.#settings;
    if (this.#keys.add(id, key, at) < count) return;
    const subject: Subject = { kind: 'ip', id };
    if (!this.#findings.isNew(this.#rule, subject, at) || this.#findings.isExcepted(clientIp)) return;
    const evidence = { count, window_ms: within, traces: [record.traceId] };
    this.#findings.tell({ rule: this.#rule, subject, at, block, evidence });
  }
}

function usedKey({ principal }: Call): string | undefined {
  return principal?.keyId;
}

/** A checksum of what was sent as a key and is none: enough to tell two apart, and no secret. */
function guessedKey(call: Call, { error }: CallRecord): string | undefined {
  if (error?.code !== 'auth_invalid_key') return undefined;
  let sum = 0;
  for (const name of KEY_HEADERS) sum = crc32(header(call, name) ?? '', sum);
  return String(sum);
}

const KEY_HEADERS = ['x-causeway-api-key', 'authorization', 'x-api-key', 'x-goog-api-key'];

/** The same body from one user, again and again. */
export class SameRequestRule implements Rule {
  readonly #settings: CountSettings;
  readonly #findings: Findings;
  readonly #tallies: Tallies;

  constructor(settings: CountSettings, findings: Findings) {
    this.#settings = settings;
    this.#findings = findings;
    this.#tallies = new Tallies(MOST_REQUESTS, settings.within);
  }

  see(call: Call, record: CallRecord, at: number): void {
    const { principal, body } = call;
    if (!principal || body.raw.length === 0 || isRefusal(record)) return;
    const subject = askingSubject(principal, userOf(call, record));
    const who = subjectName(subject);
    const tally = this.#tallies.of(`${who}|${glance(body.raw)}`);
    const seen = tally.add(at, record.traceId);
    const { count, within, block } = this.#settings;
    if (!this.#isSure(who, body.raw, seen, record, at) || seen < count) return;
    if (!this.#findings.isNew('same_request', subject, at)) return;
    const evidence = { ...countEvidence(seen, within, tally), body_bytes: body.raw.length };
    this.#findings.tell({ rule: 'same_request', subject, at, block, evidence });
  }

  /** Of long bodies that look the same the later half has to be the same in all its bytes. */
  #isSure(who: string, body: Buffer, seen: number, { traceId }: CallRecord, at: number): boolean {
    if (isSeenWhole(body)) return true;
    const half = Math.floor(this.#settings.count / 2);
    if (seen < half) return false;
    const same = this.#tallies.of(`${who}|${closeLook(body)}`).add(at, traceId);
    return same >= this.#settings.count - half;
  }
}

/** A key serves many users where they are named. */
function askingSubject({ keyId, project }: Principal, user: string | undefined): Subject {
  return user === undefined ? { kind: 'key', id: keyId } : { kind: 'user', id: user, project };
}

function countEvidence(count: number, windowMs: number, { examples }: Tally) {
  return { count, window_ms: windowMs, traces: examples };
}
