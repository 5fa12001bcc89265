import type { CaseResult, LoadPlan } from './load.ts';
import type { MemorySample } from './drill/memory-probe.ts';
import type { HoldPlan, HoldResult } from './drill/hold-streams.ts';
import type { FlowPlan, FlowResult } from './drill/flow.ts';
import type { OfferPlan, OfferResult } from './drill/offer.ts';
import type { ArrivalsPlan, ArrivalsResult } from './open/arrivals-load.ts';
import type { PaceStats } from './open/paced-upstream.ts';
import type { ReadPlan, ReadResult } from './open/paced-reader.ts';
import type { SteadyPlan, SteadyResult } from './drill/records-load.ts';
import type { Ending, SpendPlan, SpendTally } from './drill/spenders.ts';
import type { ThreadSample } from './probe.ts';
import type { RecordsCase, RecordsFigures } from './records-case.ts';

/** What the processes of bench and drills say to the one that started them, by topic; some unasked, the rest when asked. */
export interface Answers {
  ready: { readonly port: number };
  sample: ThreadSample;
  start: null;
  mark: null;
  finish: CaseResult;
  upstreams: Readonly<Record<string, string>>;
  memory: MemorySample;
  offer: null;
  offered: OfferResult;
  hold: null;
  ended: HoldResult;
  spend: null;
  tally: SpendTally;
  halt: null;
  spent: readonly Ending[];
  flow: null;
  flowed: FlowResult;
  steady: null;
  aim: null;
  steadied: SteadyResult;
  answers: number;
  profile: null;
  profiled: null;
  case: null;
  measured: RecordsFigures;
  pour: null;
  poured: ArrivalsResult;
  read: null;
  readings: ReadResult;
  pace: PaceStats;
}

export type Topic = keyof Answers;

/** What goes with a question. */
export interface Details {
  /** Microseconds between two samples. */
  profile: number;
  /** File that the profile goes to. */
  profiled: string;
  start: LoadPlan;
  offer: OfferPlan;
  hold: HoldPlan;
  spend: SpendPlan;
  flow: FlowPlan;
  steady: SteadyPlan;
  aim: readonly string[];
  case: RecordsCase;
  pour: ArrivalsPlan;
  read: ReadPlan;
}

/** Tells the parent, over the IPC channel, which costs nothing while nobody speaks. */
export function say<T extends Topic>(topic: T, answer: Answers[T]): void {
  process.send?.({ topic, answer });
}

/** Calls back whenever the parent asks; other messages are not ours. */
export function onAsked(topic: Topic, answer: (details: unknown) => void): void {
  process.on('message', (message: unknown) => {
    if (typeof message === 'object' && message !== null && 'topic' in message && message.topic === topic) {
      answer('details' in message ? message.details : undefined);
    }
  });
}
