import type { Place } from '../../../core/screening.ts';
import type { GuardPolicy, Policies, ScanningGuard } from '../engine/guard-policy.ts';
import type { InputDeps } from '../input/deps.ts';
import type { TextSlot } from '../slots/slot.ts';
import { viewOf } from '../slots/view.ts';
import type { TryView } from './views.ts';

type Found = TryView['found'][number];

/** More are not shown. */
const MOST_FOUND = 500;
const LONGEST_SHOWN = 200;

/** A text, and where it stands. */
interface Part {
  readonly text: string;
  readonly place: Place;
  readonly path: string;
  readonly role: TextSlot['role'] | undefined;
}

/** Where guards that scan find something in a request, each text by itself. */
export function foundInRequest(
  desk: InputDeps['desk'],
  policies: Policies,
  slots: readonly TextSlot[],
): Promise<Found[]> {
  const parts = slots.map((slot) => {
    return { text: viewOf(slot).text, place: slot.place, path: slot.path, role: slot.role };
  });
  return foundIn(desk, policies, parts);
}

export function foundInAnswer(desk: InputDeps['desk'], policies: Policies, text: string): Promise<Found[]> {
  return foundIn(desk, policies, [{ text, place: 'output', path: '', role: undefined }]);
}

async function foundIn(desk: InputDeps['desk'], policies: Policies, parts: readonly Part[]): Promise<Found[]> {
  const found: Found[] = [];
  for (const policy of policies) {
    for (const guard of policy.scanning) {
      const own = parts.filter((part) => looksAt(guard, part));
      if (own.length > 0 && found.length < MOST_FOUND) found.push(...(await foundBy(desk, policy, guard, own)));
    }
  }
  return found.slice(0, MOST_FOUND);
}

function looksAt({ actions, roles }: ScanningGuard, { place, role }: Part): boolean {
  return actions[place] !== 'off' && (role === undefined || !roles || roles.has(role));
}

/** One that does not come to its end says so in its verdict. */
async function foundBy(
  desk: InputDeps['desk'],
  policy: GuardPolicy,
  guard: ScanningGuard,
  parts: readonly Part[],
): Promise<Found[]> {
  const asked = parts.map(({ text }) => ({ guard: guard.name, text }));
  const scans = await Promise.resolve(desk.scan(policy, asked)).catch(() => []);
  return scans.flatMap(({ findings }, at) => {
    const part = parts[at];
    if (!part) return [];
    return findings.slice(0, MOST_FOUND).map(({ start, end, category, score }) => ({
      policy: policy.name,
      guard: guard.name,
      place: part.place,
      path: part.path,
      category,
      score,
      counts: score > 0 && score >= guard.threshold,
      start,
      end,
      text: part.text.slice(start, Math.min(end, start + LONGEST_SHOWN)),
    }));
  });
}
