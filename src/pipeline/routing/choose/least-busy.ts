import { type Choice, type Ordered, type Policy, type Seen, mannerOf, signalsOf } from './choice.ts';
import { ranked, stickyKey } from './draw.ts';
import { duration } from './words.ts';

/** A target that requests stay with has at most so many times its share under way. */
const MOST_OF_SHARE = 1.25;

interface Load {
  readonly one: Seen;
  readonly inFlight: number;
  /** The peak average, else the least of the others: nobody is shunned for being new. */
  readonly ms: number;
  readonly load: number;
}

/**
 * The less busy of two that are picked at random: what is under way there, times how long it takes lately. With two,
 * and not with the least busy of all, since many who see the same target idle would all go there. Requests that are to
 * stay together go to the target of their key, unless it has a quarter more than its share under way.
 */
export const byLoad: Policy = (choice, able) => {
  const loads = loadsOf(choice, able);
  const key = stickyKey(choice);
  return key === undefined ? ofTwo(choice, loads) : together(choice, loads, key);
};

function loadsOf(choice: Choice, able: readonly Seen[]): readonly Load[] {
  const manner = mannerOf(choice);
  const found = able.map((one) => {
    const signals = signalsOf(choice, one);
    return { one, inFlight: signals.inFlight, ms: signals.peakMs(manner, choice.at) };
  });
  let least: number | undefined;
  for (const { ms } of found) if (ms !== undefined && (least === undefined || ms < least)) least = ms;
  return found.map(({ one, inFlight, ms: known }) => {
    const ms = Math.max(1, known ?? least ?? 1);
    return { one, inFlight, ms, load: ms * (inFlight + 1) };
  });
}

function ofTwo({ random }: Choice, loads: readonly Load[]): Ordered {
  const [first, second] = pairOf(loads, random);
  if (!first) return { order: [], why: '' };
  if (!second) return { order: [first.one], why: `the only one that may be asked (${words(first)})` };
  const [less, more] = second.load < first.load ? [second, first] : [first, second];
  const others =
    loads.length === 2
      ? []
      : loads
          .filter((one) => one !== less && one !== more)
          .toSorted((a, b) => a.load - b.load)
          .map(({ one }) => one);
  const why = `the less busy of two picked at random from ${loads.length}: ${words(less)} against ${words(more)}`;
  return { order: [less.one, more.one, ...others], why };
}

/** Two of them, each pair as often as any other. */
function pairOf(loads: readonly Load[], random: () => number): readonly (Load | undefined)[] {
  const at = Math.floor(random() * loads.length);
  const other = Math.floor(random() * (loads.length - 1));
  return [loads[at], loads.length < 2 ? undefined : loads[other < at ? other : other + 1]];
}

/** Rendezvous hashing with bounded loads: whom a full target passes on goes to the next of its own order. */
function together({ plan }: Choice, loads: readonly Load[], key: string): Ordered {
  let all = 1;
  for (const { inFlight } of loads) all += inFlight;
  const most = Math.ceil((MOST_OF_SHARE * all) / loads.length);
  const byName = new Map(loads.map((load) => [load.one, load]));
  const order = ranked(
    loads.map(({ one }) => one),
    key,
  );
  const free = order.find((one) => (byName.get(one)?.inFlight ?? 0) < most);
  const [first] = order;
  if (!free || free === first) return { order, why: `where requests of this ${plan.sticky} go` };
  const full = first && byName.get(first)?.inFlight;
  const why = `the next for this ${plan.sticky}, since ${first?.name ?? ''} has ${full ?? 0} under way and its share is ${most}`;
  return { order: [free, ...order.filter((one) => one !== free)], why };
}

function words({ inFlight, ms }: Load): string {
  return `${inFlight} under way at ${duration(ms)}`;
}
