import type { Call } from '../../../core/call.ts';
import { GatewayError } from '../../../core/errors.ts';
import { doubledKey } from '../../../core/json-spans.ts';
import { scriptOf } from '../../../core/texts/script.ts';
import type { Policies, ScanningGuard } from '../engine/guard-policy.ts';
import type { RefusalLanguage } from '../refusal.ts';
import type { TextSlot } from '../slots/slot.ts';
import { textsOf } from '../slots/slots-of.ts';
import { viewOf } from '../slots/view.ts';
import { validateRequest } from '../validation/validate.ts';
import type { Problem } from '../validation/validate.ts';
import { Vault } from '../vault/vault.ts';
import { addGuidance } from './add-guidance.ts';
import { askJudge } from './ask-judges.ts';
import { type Change, changeBody, changeOf } from './change-body.ts';
import { type AnyLook, type Said, VALIDATION, decide } from './decide.ts';
import type { InputDeps, InputOptions } from './deps.ts';
import { GuardLook, type LookedBy } from './guard-look.ts';
import { type Planned, planLooks, targetsOf } from './looks.ts';
import type { GoesOn, InputOutcome } from './outcome.ts';
import { Pace } from './pace.ts';
import { redact } from './redact.ts';
import { type ScanRun, scanRequest, whyOf } from './scan-request.ts';
import { type ReadSlot, type Unit, readSlots, unitsOf } from './units.ts';

/**
 * Screens what a call asks: validation, then guards that scan, then those that ask somebody, about texts in which marks
 * stand already. Where it goes on, its body is changed; where it is refused or waits for a review, nothing of it is.
 *
 * @throws request_invalid where the body has an object that names a key twice, of which a guard would see one
 */
export async function screenRequest(
  deps: InputDeps,
  call: Call,
  policies: Policies,
  options: InputOptions = {},
): Promise<InputOutcome> {
  const pace = new Pace(deps.clock);
  rejectDoubledKeys(call);
  const { slots, unread } = textsOf(call);
  const language = languageOf(slots);
  const looks: AnyLook[] = [];
  const problems = validate(deps, call, policies, slots, options, looks);
  const vault = vaultFor(deps, call, slots);
  const conceal = (text: string): string => vault.conceal(text);
  const said = (): Said => ({ verdicts: looks.map(({ verdict }) => verdict), unread, language, conceal });
  const invalid = decide(looks, problems, said());
  if (invalid?.kind === 'refused') return invalid;

  if (pace.isLate) await pace.rest();
  const read = readSlots(slots);
  const units = unitsOf(read);
  const scanning = planLooks(call, policies, units, (policy) => policy.scanning, options);
  const asking = planLooks(call, policies, units, (policy) => policy.asking, options);
  for (const { looks: own } of [...scanning, ...asking]) looks.push(...own.values());
  confineExempt(call, [...scanning, ...asking]);

  if (pace.isLate) await pace.rest();
  const runs = await scan(deps, call, scanning, pace);
  if (decide(looks, problems, said())?.kind === 'refused') for (const { looks: own } of asking) skip(own.values());
  const redactions = [...runs.values()].flatMap((run) => run.redactions);
  const rewritten = await redact(vault, redactions, pace);
  await ask(deps, call, asking, scanning, runs, shownUnits(rewritten.texts));
  const decided = decide(looks, problems, said());
  if (decided) return decided;
  if (pace.isLate) await pace.rest();
  return goOn(deps, call, policies, { slots, vault, said: said(), ...rewritten });
}

/** @throws request_invalid */
function rejectDoubledKeys({ body }: Call): void {
  if (doubledKey(body.raw) === undefined) return;
  throw new GatewayError('request_invalid', {
    message: 'An object of the body names the same key twice. Send each key once.',
  });
}

/** What the client speaks: the language of its last text. */
function languageOf(slots: readonly TextSlot[]): RefusalLanguage {
  const last = slots.findLast(({ role }) => role === 'user') ?? slots.at(-1);
  return last && scriptOf(last.text) === 'zh' ? 'zh' : 'en';
}

/** Holds the request against what each policy asks of it. @returns what is wrong where that refuses it */
function validate(
  { clock }: InputDeps,
  call: Call,
  policies: Policies,
  slots: readonly TextSlot[],
  { isApproved }: InputOptions,
  looks: AnyLook[],
): readonly Problem[] {
  const all: Problem[] = [];
  for (const policy of policies) {
    const { validation: settings } = policy;
    if (!settings || settings.action === 'off') continue;
    const guard: LookedBy = { name: VALIDATION, onFailure: policy.settings.onFailure };
    const action = settings.action === 'review' && isApproved ? 'flag' : settings.action;
    const look = new GuardLook(guard, policy, 'input', action);
    if (policies.length > 1) look.add({ policy: policy.name });
    looks.push(look);
    const began = clock.monotonic();
    try {
      const problems = validateRequest(settings, call, slots);
      if (problems.length > 0) {
        look.hit(problems.map(({ rule }) => rule));
        look.add({ problems: problems.map((problem) => ({ ...problem })) });
        if (look.outcome === 'blocked') all.push(...problems);
      }
    } catch (thrown) {
      look.fail(whyOf(thrown));
    }
    look.micros = (clock.monotonic() - began) * 1000;
  }
  return all;
}

/** What goes unscreened since some may see it is shown to nobody else: not to be compared, judged or rated. */
function confineExempt(call: Call, planned: readonly Pick<Planned<ScanningGuard>, 'isExempt'>[]): void {
  if (planned.some(({ isExempt }) => isExempt)) call.confinedTo ??= targetsOf(call);
}

async function scan(
  deps: InputDeps,
  call: Call,
  planned: readonly Planned<ScanningGuard>[],
  pace: Pace,
): Promise<ReadonlyMap<Planned<ScanningGuard>, ScanRun>> {
  const runs = new Map<Planned<ScanningGuard>, ScanRun>();
  const scans = planned.map(async (one) => {
    if (one.isExempt) {
      for (const look of one.looks.values()) look.end('exempt');
      return;
    }
    const run = await scanRequest(deps, one.guard, one.units, withTexts(one), pace);
    refuseForm(call, run);
    runs.set(one, run);
  });
  await Promise.all(scans);
  return runs;
}

/** Those at which there is something to look at. */
function withTexts({ looks }: Planned<ScanningGuard>): Planned<ScanningGuard>['looks'] {
  return new Map([...looks].filter(([, { outcome }]) => outcome === 'passed'));
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
  for (const { text } of slots) vault.reserve(text);
  return vault;
}

/** It goes on with what its provider keeps. */
function goesOnElsewhere(body: Call['body']['resolved']): boolean {
  const kept = ['previous_response_id', 'conversation', 'cachedContent', 'cached_content'];
  return kept.some((name) => body[name] !== undefined && body[name] !== null);
}

/** Units as whoever is asked about them may see them: with the marks in place. */
function shownUnits(texts: ReadonlyMap<TextSlot, string>): (unit: Unit) => Unit {
  const shown = (part: ReadSlot): ReadSlot => {
    const text = texts.get(part.slot);
    return text === undefined ? part : { ...part, view: viewOf({ ...part.slot, text }) };
  };
  return (unit) => ({ ...unit, parts: unit.parts.map(shown) });
}

async function ask(
  deps: InputDeps,
  call: Call,
  asking: readonly Planned<Planned<ScanningGuard>['policy']['asking'][number]>[],
  scanning: readonly Planned<ScanningGuard>[],
  runs: ReadonlyMap<Planned<ScanningGuard>, ScanRun>,
  shown: (unit: Unit) => Unit,
): Promise<void> {
  await Promise.all(
    asking.map(async ({ guard, policy, units, looks, isExempt }) => {
      const open = new Map([...looks].filter(([, { outcome }]) => outcome === 'passed'));
      if (isExempt) for (const look of looks.values()) look.end('exempt');
      if (isExempt || open.size === 0) return;
      const injection = scanning.find((one) => one.policy === policy && one.guard.name === 'injection');
      const asked = guard.secondOpinion ? units.filter((unit) => isDoubtful(unit, injection, runs)) : units;
      for (const [place, look] of open) {
        if (asked.some((unit) => unit.place === place)) continue;
        look.end('skipped', 'nothing needs a second opinion');
        open.delete(place);
      }
      await askJudge(deps, call, guard, asked.map(shown), open);
    }),
  );
}

/** There are signs of an injection, and they do not come to enough. */
function isDoubtful(
  unit: Unit,
  injection: Planned<ScanningGuard> | undefined,
  runs: ReadonlyMap<Planned<ScanningGuard>, ScanRun>,
): boolean {
  const score = injection ? (runs.get(injection)?.scores.get(unit) ?? 0) : 0;
  return injection !== undefined && score > 0 && score < injection.guard.threshold;
}

interface Screened {
  readonly slots: readonly TextSlot[];
  readonly vault: Vault;
  readonly said: Said;
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
  const changes: Change[] = [...texts].map(([slot, text]) => changeOf(slot, text)).concat(guidance.changes);
  let grown = guidance.bytes;
  for (const [slot, text] of texts) grown += Buffer.byteLength(text) - Buffer.byteLength(slot.text);
  changeBody(call.body, changes);
  for (const patch of guidance.patches) call.body.amend(patch);
  return {
    kind: 'go-on',
    ...said,
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
