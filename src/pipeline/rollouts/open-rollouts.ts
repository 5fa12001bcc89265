import type { Call } from '../../core/call.ts';
import type { Clock } from '../../core/clock.ts';
import type { Scheduler } from '../../core/scheduler.ts';
import { startSweep } from '../../core/sweep.ts';
import type { AskDeps } from '../../models/own-calls/ask-text.ts';
import type { Events } from '../../records/events/event.ts';
import type { AttributedFeedback } from '../../records/feedback/feedback.ts';
import type { CallRecord, CallTexts } from '../../records/journal/record.ts';
import type { Revisions } from '../../storage/revisions/revision-follower.ts';
import type { Orm } from '../../storage/revisions/revision-store.ts';
import type { MakeVariant } from './assign/model-rollouts.ts';
import { Rollouts } from './assign/rollouts.ts';
import { DefinitionDesk } from './definition-desk.ts';
import type { FileRollouts, ReadDefinition } from './definition.ts';
import { RolloutDirectory } from './directory/rollout-directory.ts';
import { tellProblems } from './directory/tell-problems.ts';
import { JudgeDesk, type JudgeOutcomes } from './judge/judge-desk.ts';
import { rolloutReadings } from './readings.ts';
import { PostgresRolloutStore } from './rollout-store.ts';
import { rolloutRoutes } from './routes.ts';
import { scoreOfFeedback } from './tallies/feedback-unit.ts';
import { oldTallies, silentTallies } from './tallies/old-tallies.ts';
import { TallyBook } from './tallies/tally-book.ts';
import { PostgresTallyStore, type RunName } from './tallies/tally-store.ts';
import { Steering } from './watch/steering.ts';
import { TakenBackHere } from './watch/taken-back.ts';
import { RolloutWatch } from './watch/watch.ts';

export interface OpenRolloutsDeps {
  readonly orm: Orm;
  readonly revisions: Revisions;
  /** Those of the configuration file, as it is now. */
  readonly file: FileRollouts;
  readonly read: ReadDefinition;
  readonly variant: MakeVariant;
  /** Names this process; another start is another replica. */
  readonly replica: string;
  readonly events: Pick<Events, 'raise'>;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly random: () => number;
  readonly log: { info(facts: object, message: string): void; warn(facts: object, message: string): void };
}

/** Everything that is tried of virtual models: one of each part, joined. */
export interface OpenedRollouts {
  /** For the stage that says what a model means. */
  readonly rollouts: Rollouts;
  readonly directory: RolloutDirectory;
  /** Where definitions of all kinds are made and taken away, shadows too. */
  readonly desk: DefinitionDesk;
  /** What people decide of canaries and experiments. */
  readonly steering: Steering;
  readonly routes: ReturnType<typeof rolloutRoutes>;
  readonly readings: ReturnType<typeof rolloutReadings>;
  /** A call has ended. */
  observe(record: CallRecord, call: Call, texts: CallTexts): void;
  /** Somebody said something of an answer. */
  feedback(told: AttributedFeedback): void;
  /** From now on judges can be asked; nobody is before. */
  judgeWith(asking: AskDeps): void;
  /** What others count of shadows is kept as long as these runs last. */
  keepRuns(current: () => readonly RunName[]): void;
  /** Looks at what arms did, now. Never rejects. */
  look(): Promise<void>;
  close(): Promise<void>;
}

const NOBODY_ASKED: JudgeOutcomes = new Map();

const noRuns = (): readonly RunName[] => [];

/** @throws storage_unavailable */
export async function openRollouts(deps: OpenRolloutsDeps): Promise<OpenedRollouts> {
  const { orm, revisions, clock, scheduler, log, replica, events, read, variant } = deps;
  const store = new PostgresRolloutStore(orm, clock);
  const tallies = new PostgresTallyStore(orm, clock);
  const now = (): number => clock.now();
  const refresh = (): Promise<void> => revisions.refresh();
  const directory = new RolloutDirectory({ store, read });
  directory.setFile(deps.file);
  const rollouts = new Rollouts({ directory, variant, now, log });
  await revisions.follow(directory.state);
  tellProblems(directory, log);
  const book = new TallyBook({ rollouts, directory, store: tallies, replica, scheduler, log });
  const takenBack = new TakenBackHere({ directory, store, refresh, log });
  const steering = new Steering({ directory, store, takenBack, refresh, now, log });
  const desk = new DefinitionDesk({ directory, store, read, refresh });
  const common = { directory, store, rollouts, book, tallies, refresh, now, log };
  const watch = new RolloutWatch({ ...common, takenBack, replica, events, scheduler });
  let shadowRuns = noRuns;
  const sweep = startSweep(
    oldTallies(tallies, () => [...rollouts.trials, ...shadowRuns()], clock),
    { scheduler, log },
  );
  const folding = startSweep(silentTallies(tallies, clock), { scheduler, log });
  let judges: JudgeDesk | undefined;
  return {
    rollouts,
    directory,
    desk,
    steering,
    routes: rolloutRoutes({ ...common, desk, steering, judged: (run) => judges?.outcomesOf(run) ?? NOBODY_ASKED }),
    readings: rolloutReadings({ ...common, judges: { outcomes: () => judges?.outcomes() ?? NOBODY_ASKED } }),
    observe(record, call, texts) {
      if (book.observe(record, call)) judges?.observe(record, call, texts);
    },
    feedback: (told) => book.told('feedback', scoreOfFeedback(told)),
    judgeWith(asking) {
      judges = new JudgeDesk({ ...asking, rollouts, book, random: deps.random });
    },
    keepRuns(current) {
      shadowRuns = current;
    },
    look: () => watch.look(),
    async close() {
      judges?.close();
      await watch.close();
      await sweep.close();
      await folding.close();
      await book.close();
    },
  };
}
