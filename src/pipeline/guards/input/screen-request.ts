import type { Call } from '../../../core/call.ts';
import { GatewayError } from '../../../core/errors.ts';
import type { Json } from '../../../core/json.ts';
import type { TextDigests } from '../../../core/text-digests.ts';
import type { AskingGuard, GuardPolicy, Policies, ScanningGuard } from '../engine/guard-policy.ts';
import type { TextSlot } from '../slots/slot.ts';
import { textsOf } from '../slots/slots-of.ts';
import { hasDoubledKey } from '../validation/doubled-key.ts';
import { Vault } from '../vault/vault.ts';
import { type AnyLook, decide } from './decide.ts';
import type { InputDeps, InputOptions } from './deps.ts';
import { goOn } from './go-on.ts';
import { type ScanRuns, hiddenFrom, judgeRequest } from './judge-request.ts';
import { type Planned, planLooks, targetsOf } from './looks.ts';
import type { InputOutcome } from './outcome.ts';
import { Pace } from './pace.ts';
import { type Rewritten, redact } from './redact.ts';
import { type Redaction, type ScanRun, scanRequest } from './scan-request.ts';
import { Screened } from './screened.ts';
import { readSlots, unitsOf } from './units.ts';
import { validateForAll } from './validate-request.ts';

/**
 * Screens what a call asks: validation, then guards that scan, then those that ask somebody, about texts in which marks
 * stand already. Where it goes on, its body is changed; where it is refused or waits for a review, nothing of it is.
 *
 * @throws request_invalid where the body has an object that names a key twice, of which a guard would see one, or is
 * nested more than 1,000 deep
 */
export async function screenRequest(
  deps: InputDeps,
  call: Call,
  policies: Policies,
  options: InputOptions = {},
): Promise<InputOutcome> {
  const pace = new Pace(deps.clock);
  rejectDepth(call);
  rejectDoubledKeys(call);
  const { slots, unread } = textsOf(call);
  const looks: AnyLook[] = [];
  const problems = validateForAll(deps, call, policies, slots, options, looks);
  const vault = vaultFor(deps, call, slots);
  const said = new Screened(looks, unread, slots, vault);
  const invalid = decide(looks, problems, said);
  if (invalid?.kind === 'refused') return invalid;

  if (pace.isLate) await pace.rest();
  const read = readSlots(slots);
  const units = unitsOf(read);
  const scanning = planLooks(call, policies, units, scanningOf, options);
  const asking = options.isOver ? [] : planLooks(call, policies, units, askingOf, options);
  for (const { looks: own } of scanning) for (const look of own) looks.push(look);
  for (const { looks: own } of asking) for (const look of own) looks.push(look);

  if (pace.isLate) await pace.rest();
  const scans = scan(deps, call, scanning, pace);
  const runs = scans instanceof Promise ? await scans : scans;
  if (decide(looks, problems, said)?.kind === 'refused') for (const { looks: own } of asking) skip(own);
  const redactions: Redaction[] = [];
  for (const [, run] of runs) for (const redaction of run.redactions) redactions.push(redaction);
  const rewritten = redactions.length === 0 ? NOTHING : await redact(vault, redactions, pace);
  if (asking.length > 0) {
    const hidden = await hiddenFrom(deps, scanning, asking, pace);
    const shown =
      hidden.length === 0 ? rewritten : await redact(vaultFor(deps, call, slots), [...redactions, ...hidden], pace);
    await judgeRequest(deps, call, asking, scanning, runs, shown.texts);
    pace.rested();
  }
  confineExempt(call, scanning);
  const decided = decide(looks, problems, said);
  if (decided) return decided;
  if (pace.isLate) await pace.rest();
  return goOn(deps, call, policies, said, rewritten);
}

/** What is nested so deep is no request, and takes long to look into. Policies allow less. */
const MOST_DEPTH = 1000;

/** @throws request_invalid */
function rejectDepth({ body }: Call): void {
  if (body.shape.depth <= MOST_DEPTH) return;
  throw new GatewayError('request_invalid', { message: `The body is nested more than ${MOST_DEPTH} deep.` });
}

/** @throws request_invalid */
function rejectDoubledKeys({ body }: Call): void {
  if (!hasDoubledKey(body)) return;
  throw new GatewayError('request_invalid', {
    message: 'An object of the body names the same key twice. Send each key once.',
  });
}

function scanningOf({ scanning }: GuardPolicy): readonly ScanningGuard[] {
  return scanning;
}

function askingOf({ asking }: GuardPolicy): readonly AskingGuard[] {
  return asking;
}

/** Nothing was replaced. */
const NOTHING: Rewritten = { texts: new Map(), count: 0 };

/** What stays in a request since some may see it is shown to nobody else: not to be compared or rated. */
function confineExempt(call: Call, planned: readonly Planned<ScanningGuard>[]): void {
  for (const { isExempt, looks } of planned) {
    if (isExempt && looks.some(({ action }) => action !== 'flag')) call.confinedTo ??= targetsOf(call);
  }
}

/** All at the same time, where somebody has to be waited for. */
function scan(
  deps: InputDeps,
  call: Call,
  planned: readonly Planned<ScanningGuard>[],
  pace: Pace,
): ScanRuns | Promise<ScanRuns> {
  const runs: [Planned<ScanningGuard>, ScanRun][] = [];
  const waited: Promise<number>[] = [];
  for (const one of planned) {
    if (one.isExempt) {
      for (const look of one.looks) look.end('exempt');
      continue;
    }
    const run = scanRequest(deps, one.units, withTexts(one), pace, wantedDigests(call));
    if (run instanceof Promise) waited.push(run.then((done) => noteRun(call, runs, one, done)));
    else noteRun(call, runs, one, run);
  }
  return waited.length === 0 ? runs : Promise.all(waited).then(() => runs);
}

/** The name under which an answer is kept has those of long texts in it. */
function wantedDigests({ body, assignment }: Call): TextDigests | undefined {
  return assignment?.cache && body.shape.longTexts.length > 0 ? body.digests : undefined;
}

function noteRun(
  call: Call,
  runs: [Planned<ScanningGuard>, ScanRun][],
  planned: Planned<ScanningGuard>,
  run: ScanRun,
): number {
  if (run.redactions.length > 0) refuseForm(call, run);
  return runs.push([planned, run]);
}

/** Those at which there is something to look at. */
function withTexts({ looks }: Planned<ScanningGuard>): Planned<ScanningGuard>['looks'] {
  for (const { outcome } of looks) {
    if (outcome !== 'passed') return looks.filter((look) => look.outcome === 'passed');
  }
  return looks;
}

/** The fields of a form go on as they came. */
function refuseForm({ form }: Call, { looks, redactions }: ScanRun): void {
  if (!form) return;
  for (const look of looks) if (look.outcome === 'redacted') look.fail('a form cannot be changed');
  redactions.length = 0;
}

function skip(looks: Iterable<AnyLook>): void {
  for (const look of looks) look.end('skipped', 'another guard had refused it');
}

function vaultFor({ secret }: InputDeps, { body, principal }: Call, slots: readonly TextSlot[]): Vault {
  const vault = new Vault({ secret, scope: principal?.project ?? '', lasting: goesOnElsewhere(body.resolved) });
  // A model that thinks of marks was given them, in a turn before.
  for (const { text, proof, role } of slots) if (!proof || role !== 'assistant') vault.reserve(text);
  return vault;
}

/** It goes on with what its provider keeps. */
function goesOnElsewhere(body: Call['body']['resolved']): boolean {
  return (
    isGiven(body['previous_response_id']) ||
    isGiven(body['conversation']) ||
    isGiven(body['cachedContent']) ||
    isGiven(body['cached_content'])
  );
}

function isGiven(value: Json | undefined): boolean {
  return value !== undefined && value !== null;
}
