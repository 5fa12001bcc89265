import type { Call } from '../../../core/call.ts';
import { reachableTargets } from '../../../core/reach.ts';
import type { Action } from '../actions.ts';
import {
  type AskingGuard,
  type GuardPolicy,
  NOBODY_EXEMPT,
  type Policies,
  type ScanningGuard,
} from '../engine/guard-policy.ts';
import type { InputOptions } from './deps.ts';
import { type FollowingAction, GuardLook, type InputPlace } from './guard-look.ts';
import type { Unit } from './units.ts';

const INPUT_PLACES = ['input', 'tool-arguments', 'tool-results', 'retrieved'] as const satisfies readonly InputPlace[];

const OTHERS = 'the texts of this place are of roles that it does not look at';

/** One guard, what of the request it looks at, and what came of it by place. */
export interface Planned<Guard extends ScanningGuard | AskingGuard> {
  readonly guard: Guard;
  readonly policy: GuardPolicy;
  readonly units: readonly Unit[];
  /** At most one for each place. */
  readonly looks: readonly GuardLook<Guard>[];
  /** Nobody who may see the request has to be kept from it. */
  readonly isExempt: boolean;
}

/** The guards of one kind that look at a request, of all policies. */
export function planLooks<Guard extends ScanningGuard | AskingGuard>(
  call: Call,
  policies: Policies,
  units: readonly Unit[],
  guardsOf: (policy: GuardPolicy) => readonly Guard[],
  options: InputOptions,
): readonly Planned<Guard>[] {
  const planned: Planned<Guard>[] = [];
  const last = lastMessage(units);
  for (const policy of policies) {
    for (const guard of guardsOf(policy)) {
      const own = unitsFor(guard, units, last);
      const looks = looksOf(call, guard, policy, { own, all: units }, options);
      if (looks.length === 0) continue;
      if (policies.length > 1) for (const look of looks) look.add({ policy: policy.name });
      planned.push({ guard, policy, units: own, looks, isExempt: isExempt(call, guard) });
    }
  }
  return planned;
}

/** The message that the model is to answer, or to go on with. */
function lastMessage(units: readonly Unit[]): number {
  let last = 0;
  for (const { role, message } of units) if (role !== 'system' && message > last) last = message;
  return last;
}

/** Most guards look at all of most requests. */
function unitsFor(guard: ScanningGuard | AskingGuard, units: readonly Unit[], last: number): readonly Unit[] {
  for (const unit of units) if (!isFor(guard, unit, last)) return units.filter((one) => isFor(guard, one, last));
  return units;
}

function isFor({ roles, looksAtArguments }: ScanningGuard | AskingGuard, unit: Unit, last: number): boolean {
  const { role, place, message } = unit;
  if (!roles || roles.has(role)) return true;
  if (place === 'tool-arguments') return looksAtArguments === true;
  return role === 'assistant' && message === last;
}

/** Texts that a guard looks at, and those of the whole request. */
interface Texts {
  readonly own: readonly Unit[];
  readonly all: readonly Unit[];
}

function looksOf<Guard extends ScanningGuard | AskingGuard>(
  { operation, principal }: Call,
  guard: Guard,
  policy: GuardPolicy,
  { own, all }: Texts,
  { approval }: InputOptions,
): readonly GuardLook<Guard>[] {
  const looks: GuardLook<Guard>[] = [];
  for (const place of INPUT_PLACES) {
    const isThere = hasPlace(own, place);
    if (!isThere && (place !== 'input' || own.length > 0)) continue;
    const wanted = actionAt(guard.actions, place);
    // Who asks for a moderation wants to know about just such texts.
    if (wanted === 'off' || (operation === 'moderation' && wanted !== 'redact')) continue;
    const action: FollowingAction = wanted === 'review' && approval?.covers(guard.name, place) ? 'flag' : wanted;
    const look = new GuardLook(guard, policy, place, action, principal?.project);
    if (!isThere) look.end('skipped', hasPlace(all, place) ? OTHERS : 'there is no text');
    looks.push(look);
  }
  return looks;
}

function hasPlace(units: readonly Unit[], place: InputPlace): boolean {
  for (const unit of units) if (unit.place === place) return true;
  return false;
}

/**
 * What follows at a place of a request. Arguments of earlier calls come from answers in which marks became values again:
 * where values of requests are replaced, theirs are too.
 */
function actionAt(actions: ScanningGuard['actions'], place: InputPlace): Action {
  const action = actions[place];
  const isMilder = action === 'off' || action === 'flag';
  return place === 'tool-arguments' && actions.input === 'redact' && isMilder ? 'redact' : action;
}

function isExempt(call: Call, guard: ScanningGuard | AskingGuard): boolean {
  if (guard.isExempt === NOBODY_EXEMPT) return false;
  const targets = targetsOf(call);
  return targets.length > 0 && targets.every((target) => guard.isExempt(target));
}

/** Everybody who may be sent the request. */
export function targetsOf({ confinedTo, assignment }: Call) {
  return confinedTo ?? (assignment ? reachableTargets(assignment) : []);
}
