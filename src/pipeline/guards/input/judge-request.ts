import type { Call } from '../../../core/call.ts';
import type { AskingGuard, ScanningGuard } from '../engine/guard-policy.ts';
import type { TextSlot } from '../slots/slot.ts';
import { viewOf } from '../slots/view.ts';
import { askJudge } from './ask-judges.ts';
import type { AnyLook } from './decide.ts';
import type { InputDeps } from './deps.ts';
import { GuardLook, type InputPlace } from './guard-look.ts';
import type { Planned } from './looks.ts';
import type { Pace } from './pace.ts';
import { type Redaction, type ScanRun, scanRequest } from './scan-request.ts';
import type { ReadSlot, Unit } from './units.ts';

/** What scanning guards made of a request. */
export type ScanRuns = readonly (readonly [planned: Planned<ScanningGuard>, run: ScanRun])[];

/**
 * Asks the judges, about texts in which marks stand, and notes on their looks what came of it.
 * @param texts what slots have become, for whoever may not see what was in them
 */
export async function judgeRequest(
  deps: InputDeps,
  call: Call,
  asking: readonly Planned<AskingGuard>[],
  scanning: readonly Planned<ScanningGuard>[],
  runs: ScanRuns,
  texts: ReadonlyMap<TextSlot, string>,
): Promise<void> {
  const shown = shownUnits(texts);
  await Promise.all(
    asking.map(async ({ guard, policy, units, looks, isExempt }) => {
      const open = looks.filter(isOpen);
      if (isExempt) for (const look of looks) look.end('exempt');
      if (isExempt || open.length === 0) return;
      const injection = scanning.find((one) => one.policy === policy && one.guard.name === 'injection');
      const asked = guard.secondOpinion ? units.filter((unit) => isDoubtful(unit, injection, runs)) : units;
      const needed = new Map<InputPlace, GuardLook<AskingGuard>>();
      for (const look of open) {
        if (asked.some((unit) => unit.place === look.place)) needed.set(look.place, look);
        else look.end('skipped', 'nothing needs a second opinion');
      }
      await askJudge(deps, call, guard, asked.map(shown), needed);
    }),
  );
}

/** There are signs of an injection, and they do not come to enough. */
function isDoubtful(unit: Unit, injection: Planned<ScanningGuard> | undefined, runs: ScanRuns): boolean {
  const run = runs.find(([planned]) => planned === injection)?.[1];
  const score = run?.scores.get(unit) ?? 0;
  return injection !== undefined && score > 0 && score < injection.guard.threshold;
}

/** Units as whoever is asked about them may see them: with the marks in place. */
function shownUnits(texts: ReadonlyMap<TextSlot, string>): (unit: Unit) => Unit {
  const shown = (part: ReadSlot): ReadSlot => {
    const text = texts.get(part.slot);
    return text === undefined ? part : { ...part, view: viewOf({ ...part.slot, text }) };
  };
  return (unit) => ({ ...unit, parts: unit.parts.map(shown) });
}

/** What stays in a request since those who answer it may see it, and judges may not. */
export async function hiddenFrom(
  deps: InputDeps,
  scanning: readonly Planned<ScanningGuard>[],
  asking: readonly Planned<AskingGuard>[],
  pace: Pace,
): Promise<readonly Redaction[]> {
  const isAsked = asking.some(({ isExempt, looks }) => !isExempt && looks.some(isOpen));
  const hidden: Redaction[] = [];
  for (const { guard, policy, units, looks, isExempt } of isAsked ? scanning : []) {
    const redacting = looks.filter(({ action }) => isExempt && action === 'redact');
    if (redacting.length === 0) continue;
    const again = redacting.map(({ place, from }) => new GuardLook(guard, policy, place, 'redact', from));
    const run = await scanRequest(deps, units, again, pace);
    hidden.push(...run.redactions);
    const failed = again.some(({ outcome }) => outcome === 'failed');
    if (!failed) continue;
    for (const { looks: own } of asking) {
      for (const look of own) if (isOpen(look)) look.fail('what it may not see could not be taken out');
    }
  }
  return hidden;
}

/** There is something to look at, and nobody has yet. */
function isOpen({ outcome }: AnyLook): boolean {
  return outcome === 'passed';
}
