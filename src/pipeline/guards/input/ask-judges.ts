import type { Call } from '../../../core/call.ts';
import type { AskingGuard } from '../engine/guard-policy.ts';
import { JudgeNotAllowed, type Judgement } from '../engine/judge.ts';
import type { InputDeps } from './deps.ts';
import type { GuardLook, InputPlace } from './guard-look.ts';
import { whyOf } from './scan-request.ts';
import { type Unit, textOf } from './units.ts';

/** Judges are asked about so many texts of a request one by one. They remember what they said of those of earlier turns. */
const MOST_ASKED = 16;
/** The others are put together until they are that long, UTF-16 units. */
const FULL = 16_384;
/** And so much of them is asked about. */
const MOST_JOINED = 262_144;
const BETWEEN = '\n\n';
/** So many at a time of one judge. */
const AT_A_TIME = 4;

interface Asked {
  readonly place: InputPlace;
  readonly text: string;
}

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
  const { joined, unasked } = joinedTexts(wanted.slice(MOST_ASKED));
  const asked = [...wanted.slice(0, MOST_ASKED).map((unit) => ({ place: unit.place, text: textOf(unit) })), ...joined];
  const began = deps.clock.monotonic();
  // Each goes on with the next text when it has an answer.
  const waiting = asked.values();
  const askNext = async (): Promise<void> => {
    for (const one of waiting) {
      const look = looks.get(one.place);
      if (look && !isOver(look)) await ask(deps, call, guard, one, look);
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_A_TIME, asked.length) }, askNext));
  noteUnasked(looks, unasked);
  const micros = (deps.clock.monotonic() - began) * 1000;
  for (const look of looks.values()) look.micros += micros;
}

async function ask(
  deps: InputDeps,
  call: Call,
  guard: AskingGuard,
  { text, place }: Asked,
  look: GuardLook<AskingGuard>,
): Promise<void> {
  try {
    const { timeoutMs: allowedMs } = guard;
    const asking = guard.judge.ask({ text, place, call, allowedMs });
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

/** Texts of one place put together, from the oldest on, so that those of earlier turns are the same in the next one. */
function joinedTexts(units: readonly Unit[]): { readonly joined: readonly Asked[]; readonly unasked: readonly Unit[] } {
  const joined: Asked[] = [];
  const unasked: Unit[] = [];
  const open = new Map<InputPlace, { readonly texts: string[]; length: number }>();
  let length = 0;
  for (const unit of units.toSorted((a, b) => a.message - b.message)) {
    const { place } = unit;
    const text = textOf(unit);
    if (length + text.length > MOST_JOINED) {
      unasked.push(unit);
      continue;
    }
    length += text.length;
    let piece = open.get(place);
    if (piece && piece.length + text.length > FULL) joined.push({ place, text: piece.texts.join(BETWEEN) });
    if (!piece || piece.length + text.length > FULL) open.set(place, (piece = { texts: [], length: 0 }));
    piece.texts.push(text);
    piece.length += text.length;
  }
  for (const [place, { texts }] of open) joined.push({ place, text: texts.join(BETWEEN) });
  return { joined, unasked };
}

/** Nobody looks at these, so that it did not come to its end, and the verdict says how many they are. */
function noteUnasked(looks: Looks, units: readonly Unit[]): void {
  for (const [place, look] of looks) {
    const unasked = units.filter((unit) => unit.place === place).length;
    if (unasked === 0) continue;
    look.add({ unasked });
    if (!isOver(look)) look.fail('the request has more text than it is asked about');
  }
}
