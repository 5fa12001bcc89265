import type { Call } from '../../../core/call.ts';
import { GatewayError } from '../../../core/errors.ts';
import { scriptOf } from '../../../core/texts/script.ts';
import type { Policies, ScanningGuard } from '../engine/guard-policy.ts';
import type { RefusalLanguage } from '../refusal.ts';
import type { TextSlot } from '../slots/slot.ts';
import { textsOf } from '../slots/slots-of.ts';
import { viewOf } from '../slots/view.ts';
import { hasDoubledKey, jsonDepth } from '../validation/json-depth.ts';
import { MOST_VALUES, Vault } from '../vault/vault.ts';
import { addGuidance } from './add-guidance.ts';
import { type Change, changeBody, changesOf } from './change-body.ts';
import { type AnyLook, decide } from './decide.ts';
import type { InputDeps, InputOptions } from './deps.ts';
import { type ScanRuns, hiddenFrom, judgeRequest } from './judge-request.ts';
import { type Planned, planLooks, targetsOf } from './looks.ts';
import type { AnyOutcome, GoesOn, InputOutcome } from './outcome.ts';
import { Pace } from './pace.ts';
import { redact } from './redact.ts';
import { type Redaction, type ScanRun, scanRequest } from './scan-request.ts';
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
  const concealJson = (bytes: Buffer): Buffer | undefined => vault.concealJson(bytes);
  const said = (): AnyOutcome => ({
    verdicts: looks.map(({ verdict }) => verdict),
    unread,
    get language() {
      return languageOf(slots);
    },
    concealJson,
  });
  const invalid = decide(looks, problems, said);
  if (invalid?.kind === 'refused') return invalid;

  if (pace.isLate) await pace.rest();
  const read = readSlots(slots);
  const units = unitsOf(read);
  const scanning = planLooks(call, policies, units, (policy) => policy.scanning, options);
  const asking = options.isOver ? [] : planLooks(call, policies, units, (policy) => policy.asking, options);
  for (const { looks: own } of [...scanning, ...asking]) looks.push(...own.values());

  if (pace.isLate) await pace.rest();
  const scans = scan(deps, call, scanning, pace);
  const runs = scans instanceof Map ? scans : await scans;
  if (decide(looks, problems, said)?.kind === 'refused') for (const { looks: own } of asking) skip(own.values());
  const redactions: Redaction[] = [];
  for (const run of runs.values()) redactions.push(...run.redactions);
  const rewritten =
    redactions.length === 0 ? { texts: new Map<TextSlot, string>(), count: 0 } : await redact(vault, redactions, pace);
  if (asking.length > 0) {
    const hidden = await hiddenFrom(deps, scanning, asking, pace);
    const shown =
      hidden.length === 0 ? rewritten : await redact(vaultFor(deps, call, slots), [...redactions, ...hidden], pace);
    await judgeRequest(deps, call, asking, scanning, runs, shown.texts);
  }
  confineExempt(call, scanning);
  const decided = decide(looks, problems, said);
  if (decided) return decided;
  if (pace.isLate) await pace.rest();
  return goOn(deps, call, policies, { slots, vault, said: said(), ...rewritten });
}

/** What is nested so deep is no request, and takes long to look into. Policies allow less. */
const MOST_DEPTH = 1000;

/** @throws request_invalid */
function rejectDepth({ body }: Call): void {
  if (jsonDepth(body.raw) <= MOST_DEPTH) return;
  throw new GatewayError('request_invalid', { message: `The body is nested more than ${MOST_DEPTH} deep.` });
}

/** @throws request_invalid */
function rejectDoubledKeys({ body }: Call): void {
  if (!hasDoubledKey(body.raw)) return;
  throw new GatewayError('request_invalid', {
    message: 'An object of the body names the same key twice. Send each key once.',
  });
}

/** What the client speaks: the language of its last text. */
function languageOf(slots: readonly TextSlot[]): RefusalLanguage {
  const last = slots.findLast(({ role }) => role === 'user') ?? slots.at(-1);
  return last && scriptOf(last.text) === 'zh' ? 'zh' : 'en';
}

/** What stays in a request since some may see it is shown to nobody else: not to be compared or rated. */
function confineExempt(call: Call, planned: readonly Planned<ScanningGuard>[]): void {
  const stays = planned.some(
    ({ isExempt, looks }) => isExempt && [...looks.values()].some(({ action }) => action !== 'flag'),
  );
  if (stays) call.confinedTo ??= targetsOf(call);
}

/** All at the same time, where somebody has to be waited for. */
function scan(
  deps: InputDeps,
  call: Call,
  planned: readonly Planned<ScanningGuard>[],
  pace: Pace,
): ScanRuns | Promise<ScanRuns> {
  const runs = new Map<Planned<ScanningGuard>, ScanRun>();
  const waited: Promise<void>[] = [];
  for (const one of planned) {
    if (one.isExempt) {
      for (const look of one.looks.values()) look.end('exempt');
      continue;
    }
    const note = (run: ScanRun): void => {
      refuseForm(call, run);
      runs.set(one, run);
    };
    const run = scanRequest(deps, one.guard, one.units, withTexts(one), pace);
    if (run instanceof Promise) waited.push(run.then(note));
    else note(run);
  }
  return waited.length === 0 ? runs : Promise.all(waited).then(() => runs);
}

/** Those at which there is something to look at. */
function withTexts({ looks }: Planned<ScanningGuard>): Planned<ScanningGuard>['looks'] {
  for (const { outcome } of looks.values()) {
    if (outcome !== 'passed') return new Map([...looks].filter(([, look]) => look.outcome === 'passed'));
  }
  return looks;
}

/** The fields of a form go on as they came. */
function refuseForm({ form }: Call, { looks, redactions }: ScanRun): void {
  if (!form || redactions.length === 0) return;
  for (const look of looks.values()) if (look.outcome === 'redacted') look.fail('a form cannot be changed');
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
  const kept = ['previous_response_id', 'conversation', 'cachedContent', 'cached_content'];
  return kept.some((name) => body[name] !== undefined && body[name] !== null);
}

const OVER = `guards: the request has more than ${MOST_VALUES} values, of which the others do not come back in the answer`;

interface Screened {
  readonly slots: readonly TextSlot[];
  readonly vault: Vault;
  readonly said: AnyOutcome;
  readonly texts: Map<TextSlot, string>;
  readonly count: number;
}

/** Changes the body. */
function goOn(
  { secret }: InputDeps,
  call: Call,
  policies: Policies,
  { slots, vault, said, texts, count }: Screened,
): GoesOn {
  const guidance = addGuidance(call, policies, slots, texts, { secret });
  const changes: Change[] = [...texts].flatMap(([slot, text]) => changesOf(slot, text)).concat(guidance.changes);
  let grown = guidance.bytes;
  for (const [slot, text] of texts) grown += Buffer.byteLength(text) - Buffer.byteLength(slot.text);
  changeBody(call.body, changes);
  for (const patch of guidance.patches) call.body.amend(patch);
  if (vault.isOver) call.warnings.push(OVER);
  return {
    kind: 'go-on',
    verdicts: said.verdicts,
    unread: said.unread,
    get language() {
      return said.language;
    },
    concealJson: (bytes) => said.concealJson(bytes),
    vault,
    canary: guidance.canary,
    redactions: count,
    isChanged: changes.length > 0 || guidance.patches.length > 0,
    grownBytes: Math.max(0, grown),
    sources: policies.some(({ grounding }) => grounding !== undefined) ? sourcesOf(slots, texts) : [],
  };
}

function sourcesOf(slots: readonly TextSlot[], texts: ReadonlyMap<TextSlot, string>): string[] {
  return slots.flatMap((slot) => {
    if (slot.place !== 'retrieved' && slot.place !== 'tool-results') return [];
    return [viewOf({ ...slot, text: texts.get(slot) ?? slot.text }).text];
  });
}
