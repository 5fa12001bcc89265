import type { ScanningGuard } from '../engine/guard-policy.ts';
import type { Finding, Scan } from '../scan/scanner.ts';
import type { InputDeps } from './deps.ts';
import type { GuardLook, InputPlace } from './guard-look.ts';
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
  readonly looks: ReadonlyMap<InputPlace, GuardLook<ScanningGuard>>;
  readonly redactions: Redaction[];
  /** The highest score of each unit. */
  readonly scores: ReadonlyMap<Unit, number>;
}

/** In the place of words that are no personal data, which nobody needs back. */
const REDACTED = 'REDACTED';
const PII = 'pii';

type Scanned = ReturnType<InputDeps['desk']['scan']>;

/**
 * Scans what the guard looks at, and notes on its looks what came of it: at once where there is one text in which nothing
 * counts, as in most requests. Nothing is thrown.
 */
export function scanRequest(
  deps: Pick<InputDeps, 'desk' | 'clock'>,
  guard: ScanningGuard,
  units: readonly Unit[],
  looks: ReadonlyMap<InputPlace, GuardLook<ScanningGuard>>,
  pace: Pace,
): ScanRun | Promise<ScanRun> {
  const [unit] = units;
  const part = unit?.parts[0];
  const look = unit && looks.get(unit.place);
  if (!part || !look || units.length > 1 || unit.parts.length > 1 || looks.size > 1) {
    return scanAll(deps, guard, units, looks, pace);
  }
  const began = deps.clock.monotonic();
  let scanned: Scanned;
  try {
    scanned = deps.desk.scan(look.policy, [{ guard: guard.name, text: part.view.text }], look.from);
  } catch (thrown) {
    scanned = Promise.reject(thrown);
  }
  const [scan] = isThere(scanned) && scanned.length === 1 ? scanned : [];
  if (!scan || (scan.score > 0 && scan.score >= look.guard.threshold)) {
    return scanAll(deps, guard, units, looks, pace, { scanned, began });
  }
  look.micros += (deps.clock.monotonic() - began) * 1000;
  look.scored(scan.score);
  return { looks, redactions: [], scores: new Map([[unit, scan.score]]) };
}

function isThere(scanned: Scanned): scanned is readonly Scan[] {
  return Array.isArray(scanned);
}

/** @param asked what the desk was asked already, of the only place */
async function scanAll(
  { desk, clock }: Pick<InputDeps, 'desk' | 'clock'>,
  guard: ScanningGuard,
  units: readonly Unit[],
  looks: ReadonlyMap<InputPlace, GuardLook<ScanningGuard>>,
  pace: Pace,
  asked?: { readonly scanned: Scanned; readonly began: number },
): Promise<ScanRun> {
  const redactions: Redaction[] = [];
  const scores = new Map<Unit, number>();
  const covered = new Covered();
  for (const [place, look] of looks) {
    const here = units.filter((unit) => unit.place === place);
    const texts = scanTexts(here);
    const began = asked?.began ?? clock.monotonic();
    try {
      const ask = (): Scanned =>
        desk.scan(
          look.policy,
          texts.map(({ text }) => ({ guard: guard.name, text })),
          look.from,
        );
      const scanned = asked?.scanned ?? ask();
      const scans = isThere(scanned) ? scanned : await scanned;
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
