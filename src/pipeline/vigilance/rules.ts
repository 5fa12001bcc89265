import { crc32 } from 'node:zlib';

import { header } from '../../core/call.ts';
import type { ErrorCode } from '../../core/errors.ts';
import { GenerationalMap } from '../../core/generational-map.ts';
import { clientNetwork } from '../../core/network-address.ts';
import type { Verdict, VerdictOutcome } from '../../core/screening.ts';
import type { CallRecord } from '../../records/journal/record.ts';
import { DistinctValues } from './distinct.ts';
import type { Findings, RuleName } from './findings.ts';
import { closeLook, glance, isSeenWhole } from './request-print.ts';
import type { CountSettings } from './settings.ts';
import type { Rule, Sighting } from './sighting.ts';
import { type Subject, subjectName } from './subject.ts';
import { Tallies, type Tally } from './tallies.ts';

/** How many keys, users and addresses are known at a time, for each rule. */
const MOST_SUBJECTS = 10_000;
const MOST_REQUESTS = 20_000;

const CHECKSUMS = 2 ** 32;
/** With a checksum they are still whole numbers. */
const MOST_NUMBERS = 2 ** 20;

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

/** Guards found something in what was asked, and nobody has approved it. */
export function isGuardHit({ verdicts }: CallRecord): boolean {
  if (verdicts) for (const verdict of verdicts) if (verdict.outcome !== 'passed' && isHit(verdict)) return true;
  return false;
}

function isHit({ outcome, place, ofAnswer, detail }: Verdict): boolean {
  return HITS.has(outcome) && place !== 'output' && ofAnswer !== true && detail?.['approved'] === undefined;
}

const HITS: ReadonlySet<VerdictOutcome> = new Set(['blocked', 'flagged', 'review']);

/** A burst of requests that ended in one way: refused, or with something that guards found. */
export class BurstRule implements Rule {
  readonly #rule: 'refusals' | 'guard_hits';
  readonly #counts: (record: CallRecord) => boolean;
  readonly #settings: CountSettings;
  readonly #findings: Findings;
  readonly #tallies: Tallies;

  constructor(
    rule: 'refusals' | 'guard_hits',
    settings: CountSettings,
    findings: Findings,
    counts: (record: CallRecord) => boolean,
  ) {
    this.#rule = rule;
    this.#counts = counts;
    this.#settings = settings;
    this.#findings = findings;
    this.#tallies = new Tallies(MOST_SUBJECTS, settings.within);
  }

  see(sighting: Sighting): void {
    if (!this.#counts(sighting.record)) return;
    for (const subject of refusedSubjects(sighting)) this.#count(subject, sighting);
  }

  #count(subject: Subject, { call: { clientIp }, record: { traceId, error }, at }: Sighting): void {
    const tally = this.#tallies.of(subjectName(subject));
    const { count, within, block } = this.#settings;
    const seen = tally.add(at, traceId);
    if (seen < count || !this.#findings.isNew(this.#rule, subject, at)) return;
    if (subject.kind === 'ip' && this.#findings.isExcepted(clientIp)) return;
    const evidence = { ...countEvidence(seen, within, tally), last_error: error?.code };
    this.#findings.tell({ rule: this.#rule, subject, at, block, evidence });
  }
}

/** An address has to answer only for requests that nobody else has to. */
function refusedSubjects({ call: { principal, clientIp }, user }: Sighting): Subject[] {
  if (!principal) return clientIp === '' ? [] : [{ kind: 'ip', id: clientNetwork(clientIp) }];
  const key: Subject = { kind: 'key', id: principal.keyId };
  return user === undefined ? [key] : [key, user];
}

/** Many different keys from one address: such as are in use, or such as do not exist. */
export class KeysRule implements Rule {
  readonly #rule: RuleName;
  readonly #keyOf: (sighting: Sighting) => string | undefined;
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

  see(sighting: Sighting): void {
    const { clientIp } = sighting.call;
    const key = this.#keyOf(sighting);
    if (key === undefined || clientIp === '') return;
    const id = clientNetwork(clientIp);
    const { record, at } = sighting;
    if (!this.#keys.add(id, key, at)) return;
    const { count, within, block } = this.#settings;
    const subject: Subject = { kind: 'ip', id };
    if (!this.#findings.isNew(this.#rule, subject, at) || this.#findings.isExcepted(clientIp)) return;
    const evidence = { count, window_ms: within, traces: [record.traceId] };
    this.#findings.tell({ rule: this.#rule, subject, at, block, evidence });
  }
}

function usedKey({ call }: Sighting): string | undefined {
  return call.principal?.keyId;
}

/** A checksum of what was sent as a key and is none: enough to tell two apart, and no secret. */
function guessedKey({ call, record }: Sighting): string | undefined {
  if (record.error?.code !== 'auth_invalid_key') return undefined;
  let sum = 0;
  for (const name of KEY_HEADERS) sum = crc32(header(call, name) ?? '', sum);
  return String(sum);
}

const KEY_HEADERS = ['x-causeway-api-key', 'authorization', 'x-api-key', 'x-goog-api-key'];

/** The same body from one user, again and again. */
export class SameRequestRule implements Rule {
  readonly #settings: CountSettings;
  readonly #findings: Findings;
  /** A number for each user, or key without users. */
  readonly #askers = new GenerationalMap<number>(MOST_SUBJECTS);
  #lastAsker = 0;
  readonly #glances: Tallies<number>;
  readonly #closeLooks: Tallies<number>;

  constructor(settings: CountSettings, findings: Findings) {
    this.#settings = settings;
    this.#findings = findings;
    this.#glances = new Tallies(MOST_REQUESTS, settings.within);
    this.#closeLooks = new Tallies(MOST_REQUESTS, settings.within);
  }

  see({ call, record, at, user, userName }: Sighting): void {
    const { principal, body } = call;
    if (!principal || body.raw.length === 0 || isRefusal(record)) return;
    const asker = this.#numberOf(userName ?? principal.keyId);
    const tally = this.#glances.of(asker + glance(body.raw));
    const seen = tally.add(at, record.traceId);
    const { count, within, block } = this.#settings;
    if (!this.#isSure(asker, body.raw, seen, record, at) || seen < count) return;
    const subject: Subject = user ?? { kind: 'key', id: principal.keyId };
    if (!this.#findings.isNew('same_request', subject, at)) return;
    const evidence = { ...countEvidence(seen, within, tally), body_bytes: body.raw.length };
    this.#findings.tell({ rule: 'same_request', subject, at, block, evidence });
  }

  /** Of long bodies that look the same the later half has to be the same in all its bytes. */
  #isSure(asker: number, body: Buffer, seen: number, { traceId }: CallRecord, at: number): boolean {
    if (isSeenWhole(body)) return true;
    const half = Math.floor(this.#settings.count / 2);
    if (seen < half) return false;
    const same = this.#closeLooks.of(asker + closeLook(body)).add(at, traceId);
    return same >= this.#settings.count - half;
  }

  /** A multiple of 2³², so that a checksum added to it is a number of its own: look-ups by numbers are the fastest. */
  #numberOf(name: string): number {
    let number = this.#askers.get(name);
    if (number === undefined) {
      this.#lastAsker = (this.#lastAsker + 1) % MOST_NUMBERS;
      number = this.#lastAsker * CHECKSUMS;
      this.#askers.set(name, number);
    }
    return number;
  }
}

function countEvidence(count: number, windowMs: number, { examples }: Tally) {
  return { count, window_ms: windowMs, traces: examples };
}
