import { type Choice, type Policy, type Seen, mannerOf, signalsOf } from './choice.ts';
import { duration } from './words.ts';

/** So much of the traffic finds out how fast those are that have not been asked lately. */
const EXPLORED = 0.05;

/** The fastest to its first token, or to its end where answers are whole; a little traffic goes to those nobody knows. */
export const byLatency: Policy = (choice, able) => {
  const manner = mannerOf(choice);
  const unknown = able.filter((one) => !signalsOf(choice, one).isKnown(manner, choice.at));
  const order = able.length === unknown.length ? able : sorted(choice, able);
  const tried = unknown.length > 0 ? triedOf(choice, able, unknown) : undefined;
  if (tried) {
    const samples = signalsOf(choice, tried).samples(manner);
    const why = `tried, to find out how fast it is: ${samples} ${samples === 1 ? 'answer' : 'answers'} so far`;
    return { order: [tried, ...order.filter((one) => one !== tried)], why };
  }
  const [first, second] = order;
  const [best, next] = [first, second].map((one) => one && signalsOf(choice, one).averageMs(manner));
  const what = manner === 'streamed' ? 'first token' : 'answer';
  const against = next === undefined ? '' : ` against ${duration(next)}`;
  return { order, why: `the fastest of ${able.length} to its ${what}: ${duration(best ?? 0)}${against}` };
};

/** The known ones by their times, then the others as they stand. */
function sorted(choice: Choice, able: readonly Seen[]): readonly Seen[] {
  const manner = mannerOf(choice);
  const times = able.map((one) => {
    const signals = signalsOf(choice, one);
    const ms = signals.isKnown(manner, choice.at) ? signals.averageMs(manner) : undefined;
    return { one, ms: ms ?? Number.MAX_SAFE_INTEGER };
  });
  return times.toSorted((a, b) => a.ms - b.ms).map(({ one }) => one);
}

/** One of those that nobody knows yet: always where nobody is known, else now and then. */
function triedOf({ random }: Choice, able: readonly Seen[], unknown: readonly Seen[]): Seen | undefined {
  const mayTry = unknown.length === able.length || random() < EXPLORED;
  return mayTry ? unknown[Math.floor(random() * unknown.length)] : undefined;
}
