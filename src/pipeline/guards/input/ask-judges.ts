import type { Call } from '../../../core/call.ts';
import type { AskingGuard } from '../engine/guard-policy.ts';
import { JudgeNotAllowed, type Judgement } from '../engine/judge.ts';
import type { InputDeps } from './deps.ts';
import type { GuardLook, InputPlace } from './guard-look.ts';
import { whyOf } from './scan-request.ts';
import { type Unit, textOf } from './units.ts';

/** Judges are asked about so many texts of a request. They remember what they said of those of earlier turns. */
const MOST_ASKED = 16;
/** So many at a time of one judge. */
const AT_A_TIME = 4;

type Looks = ReadonlyMap<InputPlace, GuardLook<AskingGuard>>;

/** Asks about what matters most, and notes on the looks what came of it. Nothing is thrown. */
export async function askJudge(
  deps: InputDeps,
  call: Call,
  guard: AskingGuard,
  units: readonly Unit[],
  looks: Looks,
): Promise<void> {
  const wanted = byWeight(units.filter(({ place }) => looks.has(place)));
  const asked = wanted.slice(0, MOST_ASKED);
  noteUnasked(looks, wanted.slice(MOST_ASKED));
  const began = deps.clock.monotonic();
  // Each goes on with the next text when it has an answer.
  const waiting = asked.values();
  const askNext = async (): Promise<void> => {
    for (const unit of waiting) {
      const look = looks.get(unit.place);
      if (look && !isOver(look)) await ask(deps, call, guard, unit, look);
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_A_TIME, asked.length) }, askNext));
  const micros = (deps.clock.monotonic() - began) * 1000;
  for (const look of looks.values()) look.micros += micros;
}

async function ask(
  deps: InputDeps,
  call: Call,
  guard: AskingGuard,
  unit: Unit,
  look: GuardLook<AskingGuard>,
): Promise<void> {
  try {
    const { timeoutMs: allowedMs } = guard;
    const asking = guard.judge.ask({ text: textOf(unit), place: unit.place, call, allowedMs });
    const { score, categories, detail } = await within(deps, call, allowedMs, asking);
    look.scored(score);
    look.add(detail);
    if (score >= guard.threshold && score > 0) look.hit(categoriesOf(categories, guard.threshold));
  } catch (thrown) {
    if (thrown instanceof JudgeNotAllowed) look.end('skipped', 'it may not see this call');
    else look.fail(whyOf(thrown));
  }
}

/** Whatever a judge does, it is waited for no longer than this, and not for a client that has left. */
async function within<T>({ scheduler }: InputDeps, { cancellation }: Call, ms: number, asking: Promise<T>): Promise<T> {
  const takeBack: (() => void)[] = [];
  const givenUp = new Promise<never>((_resolve, reject) => {
    takeBack.push(
      scheduler.after(ms, () => reject(new GivenUp('it did not answer in time'))),
      cancellation.onCancel(() => reject(new GivenUp('the call was ended'))),
    );
  });
  try {
    return await Promise.race([asking, givenUp]);
  } finally {
    for (const undo of takeBack) undo();
  }
}

/** Named as what judges throw, so that its message is shown. */
class GivenUp extends Error {
  override readonly name = 'JudgeFailed';
}

/** What came of it cannot change any more. */
function isOver({ outcome }: GuardLook<AskingGuard>): boolean {
  return outcome === 'failed' || outcome === 'blocked' || outcome === 'skipped';
}

function categoriesOf(categories: Judgement['categories'], threshold: number): string[] {
  return Object.entries(categories).flatMap(([name, score]) => (score >= threshold ? [name] : []));
}

/** The last message of the user, what nobody of the conversation wrote, then the newest first. */
function byWeight(units: readonly Unit[]): readonly Unit[] {
  const last = units.findLast(({ role }) => role === 'user');
  const weight = (unit: Unit): number => (unit === last ? 2 : unit.role === 'user' ? 0 : 1);
  return units.toSorted((a, b) => weight(b) - weight(a) || b.message - a.message);
}

/** Nobody looked at these: the verdict says how many they are. */
function noteUnasked(looks: Looks, units: readonly Unit[]): void {
  for (const [place, look] of looks) {
    const unasked = units.filter((unit) => unit.place === place).length;
    if (unasked > 0) look.add({ unasked });
  }
}
