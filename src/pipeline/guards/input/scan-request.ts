import type { TextDigests } from '../../../core/text-digests.ts';
import type { ScanningGuard } from '../engine/guard-policy.ts';
import type { ScanRequest } from '../scan/messages.ts';
import type { Finding, Scan } from '../scan/scanner.ts';
import type { InputDeps } from './deps.ts';
import type { GuardLook } from './guard-look.ts';
import type { Pace } from './pace.ts';
import { type ReadSlot, type ScanText, type Unit, partsAt, scanTexts } from './units.ts';

/** Something that has to be replaced in one slot. */
export interface Redaction {
  readonly part: ReadSlot;
  readonly start: number;
  readonly end: number;
  /** The word in the mark. */
  readonly category: string;
  readonly isReversible: boolean;
}

/** What one scanning guard made of a request. */
export interface ScanRun {
  readonly looks: readonly GuardLook<ScanningGuard>[];
  readonly redactions: Redaction[];
  /** The highest score of each unit; 0 of those that are not there. */
  readonly scores: ReadonlyMap<Unit, number>;
}

/** In the place of words that are no personal data, which nobody needs back. */
const REDACTED = 'REDACTED';
const PII = 'pii';
const NO_SCORES: ReadonlyMap<Unit, number> = new Map();

type Scanned = ReturnType<InputDeps['desk']['scan']>;

/**
 * Scans what a guard looks at, and notes on its looks what came of it: at once where there are texts of one place in
 * which nothing counts, as in most requests. Nothing is thrown.
 *
 * @param digests wanted of texts that a thread reads
 */
export function scanRequest(
  deps: Pick<InputDeps, 'desk' | 'clock'>,
  units: readonly Unit[],
  looks: readonly GuardLook<ScanningGuard>[],
  pace: Pace,
  digests?: TextDigests,
): ScanRun | Promise<ScanRun> {
  const [look] = looks;
  if (!look) return { looks, redactions: [], scores: NO_SCORES };
  if (looks.length > 1) return scanAll(deps, units, looks, { pace, digests });
  const texts = textsAt(units, look);
  const began = deps.clock.monotonic();
  const scanned = ask(deps, look, texts, digests);
  const score = isThere(scanned) && scanned.length === texts.length ? highestOf(scanned) : Number.POSITIVE_INFINITY;
  if (score > 0 && score >= look.guard.threshold) {
    return scanAll(deps, units, looks, { pace, digests }, { scanned, began, texts });
  }
  look.micros += (deps.clock.monotonic() - began) * 1000;
  look.scored(score);
  return { looks, redactions: [], scores: score > 0 && isThere(scanned) ? scoresOf(texts, scanned) : NO_SCORES };
}

function textsAt(units: readonly Unit[], { place }: GuardLook<ScanningGuard>): readonly ScanText[] {
  for (const unit of units) if (unit.place !== place) return scanTexts(units.filter((one) => one.place === place));
  return scanTexts(units);
}

function ask(
  { desk }: Pick<InputDeps, 'desk'>,
  { guard, policy, from }: GuardLook<ScanningGuard>,
  texts: readonly ScanText[],
  digests: TextDigests | undefined,
): Scanned {
  const asked: ScanRequest[] = [];
  for (const one of texts) {
    const { text } = one;
    asked.push(digests && isOfBody(one) ? { guard: guard.name, text, digests } : { guard: guard.name, text });
  }
  try {
    return desk.scan(policy, asked, from);
  } catch (thrown) {
    return Promise.reject(thrown);
  }
}

/** It stands there as it is, and is not put together of several. */
function isOfBody({ parts: [part, ...others] }: ScanText): boolean {
  return part?.slot.encoding === 'plain' && others.length === 0;
}

function highestOf(scans: readonly Scan[]): number {
  let highest = 0;
  for (const { score } of scans) if (score > highest) highest = score;
  return highest;
}

function scoresOf(texts: readonly ScanText[], scans: readonly Scan[]): ReadonlyMap<Unit, number> {
  const scores = new Map<Unit, number>();
  for (const [at, { units }] of texts.entries()) {
    for (const unit of units) scores.set(unit, Math.max(scores.get(unit) ?? 0, scans[at]?.score ?? 0));
  }
  return scores;
}

function isThere(scanned: Scanned): scanned is readonly Scan[] {
  return Array.isArray(scanned);
}

interface Scanning {
  readonly pace: Pace;
  readonly digests: TextDigests | undefined;
}

/** @param asked what the desk was asked already, of the only place */
async function scanAll(
  deps: Pick<InputDeps, 'desk' | 'clock'>,
  units: readonly Unit[],
  looks: readonly GuardLook<ScanningGuard>[],
  { pace, digests }: Scanning,
  asked?: { readonly scanned: Scanned; readonly began: number; readonly texts: readonly ScanText[] },
): Promise<ScanRun> {
  const { clock } = deps;
  const redactions: Redaction[] = [];
  const scores = new Map<Unit, number>();
  const covered = new Covered();
  for (const look of looks) {
    const texts = asked?.texts ?? textsAt(units, look);
    const began = asked?.began ?? clock.monotonic();
    try {
      const scanned = asked?.scanned ?? ask(deps, look, texts, digests);
      const scans = isThere(scanned) ? scanned : await scanned;
      if (scans !== scanned) pace.rested();
      look.micros += (clock.monotonic() - began) * 1000;
      if (scans.length !== texts.length) throw new Error('there are not as many scans as texts');
      for (const [at, text] of texts.entries()) {
        const scan = scans[at];
        if (scan) await weigh(look, text, scan, { redactions, scores, covered, pace });
        if (pace.isDue) await pace.rest();
      }
    } catch (thrown) {
      if (look.micros === 0) look.micros = (clock.monotonic() - began) * 1000;
      look.fail(whyOf(thrown));
    }
  }
  return { looks, redactions, scores };
}

interface Weighed {
  readonly redactions: Redaction[];
  readonly scores: Map<Unit, number>;
  readonly covered: Covered;
  readonly pace: Pace;
}

async function weigh(
  look: GuardLook<ScanningGuard>,
  text: ScanText,
  { score, findings }: Scan,
  { redactions, scores, covered, pace }: Weighed,
): Promise<void> {
  look.scored(score);
  for (const unit of text.units) scores.set(unit, Math.max(scores.get(unit) ?? 0, score));
  const { threshold } = look.guard;
  if (score <= 0 || score < threshold) return;
  if (look.action !== 'redact') {
    // What only the parts together say is counted once, with them.
    if (!text.isJoint || look.outcome === 'passed') look.hit(findings.map(({ category }) => category));
    return;
  }
  for (const finding of findings) {
    if (finding.score < threshold) continue;
    const parts = redactionsOf(look, text, finding);
    // What begins or ends in a part that has it by itself only seems to go on in the next one.
    if (text.isJoint && parts.some((part) => covered.has(part))) continue;
    look.hit([finding.category]);
    for (const part of parts) covered.add(part);
    redactions.push(...parts);
    if (pace.isDue) await pace.rest();
  }
}

/** Where something is to be replaced already. */
class Covered {
  /** By part, in the order of their starts. */
  readonly #spans = new Map<ReadSlot, Redaction[]>();

  add(one: Redaction): void {
    const spans = this.#spans.get(one.part);
    if (!spans) this.#spans.set(one.part, [one]);
    else spans.splice(this.#placeOf(spans, one.start), 0, one);
  }

  has({ part, start, end }: Redaction): boolean {
    const spans = this.#spans.get(part) ?? [];
    const before = spans[this.#placeOf(spans, end) - 1];
    return before !== undefined && before.end > start;
  }

  /** How many begin before that. */
  #placeOf(spans: readonly Redaction[], start: number): number {
    let low = 0;
    let high = spans.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((spans[middle]?.start ?? 0) < start) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function redactionsOf({ guard, policy }: GuardLook<ScanningGuard>, text: ScanText, finding: Finding): Redaction[] {
  const isPii = guard.name === PII;
  const category = isPii ? finding.category : REDACTED;
  return partsAt(text, finding.start, finding.end).map(({ part, start, end }) => {
    return { part, start, end, category, isReversible: isPii && policy.isReversible };
  });
}

/** Why something failed; the messages of our own errors are for operators, others may have a client's text. */
export function whyOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return 'it threw something that is no error';
  return OWN.has(thrown.name) ? thrown.message : `it threw ${thrown.name}`;
}

const OWN: ReadonlySet<string> = new Set(['ScanFailed', 'JudgeFailed', 'JudgeNotAllowed']);
