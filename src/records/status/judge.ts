import { type Measured, PART_NAMES, type PartName, type StatusView } from './status-schema.ts';

/** What is wrong, and what to do about it. */
interface Trouble {
  readonly message: string;
  readonly todo: string;
}

type Judge<Name extends PartName> = (measured: Measured<Name>) => Trouble | undefined;

export type MeasuredParts = { readonly [Name in PartName]: Measured<Name> };
type JudgedParts = Pick<StatusView, PartName>;

const SLOW_DATABASE_MS = 100;
const SLOW_REDIS_MS = 50;
/** Without a database that waits this long is nothing unusual. */
const OLD_RECORDS_MS = 60_000;
const HALF_FULL = 0.5;
const SLOW_LOOP_MS = 100;
const LITTLE_SPACE = 1024 ** 3;

const JUDGES: { readonly [Name in PartName]: Judge<Name> } = {
  database({ kind, answers, latency_ms: latency }) {
    if (!answers) {
      const todo =
        kind === 'embedded'
          ? 'It starts again by itself. If it does not, look into the log, and at the space on the disk.'
          : 'Start PostgreSQL, or see whether DATABASE_URL still leads there. Requests are served meanwhile, and records wait.';
      return { message: 'The database does not answer.', todo };
    }
    if (latency === null || latency <= SLOW_DATABASE_MS) return undefined;
    return { message: 'The database is slow.', todo: 'See what keeps it busy: records wait the longer.' };
  },
  redis({ configured, answers, exact, latency_ms: latency }) {
    if (!configured) return undefined;
    if (answers === false || !exact) {
      const todo =
        'Start Redis, or see whether REDIS_URL still leads there. Until then counters.whenAway says what holds.';
      return { message: 'Redis is away: limits and budgets are not exact.', todo };
    }
    if (latency === null || latency <= SLOW_REDIS_MS) return undefined;
    return {
      message: 'Redis is slow.',
      todo: 'Every request waits for it once: bring it nearer, or see what it does.',
    };
  },
  journal({ fill, delay_ms: delay, dropped_records: records, dropped_texts: texts, damaged_bytes: damaged }) {
    if (records > 0 || texts > 0) {
      const message = `There was no room for ${records} records, and for the texts of ${texts}, since the start.`;
      return { message, todo: 'Bring the database back, or raise records.journal.maxSize.' };
    }
    if (fill >= HALF_FULL) {
      const message = `${Math.round(fill * 100)} % of what may wait is waiting.`;
      return { message, todo: 'Bring the database back: at the end texts are left out, and then records.' };
    }
    if (delay > OLD_RECORDS_MS) {
      return { message: 'Records wait for more than a minute.', todo: 'The database is slow or away: see there.' };
    }
    if (damaged === 0) return undefined;
    return { message: 'A part of the journal could not be read.', todo: 'Check the disk: what is damaged is lost.' };
  },
  process({ shedding, event_loop_delay_p99_ms: delay }) {
    if (shedding) {
      const todo = 'Add a replica, or give this one more processors or memory; see what `pressure` is of.';
      return { message: 'This process cannot keep up: requests of low priority are refused.', todo };
    }
    if (delay === null || delay <= SLOW_LOOP_MS) return undefined;
    return {
      message: 'The thread of requests is late.',
      todo: 'Add a replica or processors before requests are refused.',
    };
  },
  config({ last_error: error, restart_pending: pending }) {
    if (error !== null) {
      return {
        message: `The file as it is now is not in force: ${error}.`,
        todo: 'Correct it where it comes from, or under Settings, which says to admins what is wrong there.',
      };
    }
    if (pending.length === 0) return undefined;
    return { message: `Changes wait for the next start: ${pending.join(', ')}.`, todo: 'Start this replica anew.' };
  },
  snapshot({ wanted, written_at: at }) {
    if (!wanted || at !== null) return undefined;
    const message = 'There is no snapshot, so that a start needs PostgreSQL.';
    return { message, todo: 'See whether CAUSEWAY_DATA_DIR can be written, and what the log says of it.' };
  },
  vectors({ state }) {
    if (state !== 'pausing') return undefined;
    const message = 'The thread that makes vectors of texts ended; it is started again.';
    return { message, todo: 'The log says why. Until then the semantic cache answers nothing.' };
  },
  otlp({ last_error: error }) {
    if (error === null) return undefined;
    return {
      message: `The collector did not take what was sent: ${error}`,
      todo: 'See telemetry.otlp, and the collector.',
    };
  },
  disk({ free_bytes: free }) {
    if (free === null || free >= LITTLE_SPACE) return undefined;
    return { message: 'Less than 1 GB is free.', todo: 'Make room before the disk is full and nothing is recorded.' };
  },
};

/** Each part with whether it is well. */
export function judged(parts: MeasuredParts): JudgedParts & { readonly ok: boolean } {
  const each = PART_NAMES.map((name) => [name, judgedPart(name, parts)] as const);
  return { ...(Object.fromEntries(each) as unknown as JudgedParts), ok: each.every(([, { ok }]) => ok) };
}

function judgedPart(name: PartName, parts: MeasuredParts): StatusView[PartName] {
  // Each judge is of the part of its name.
  const judge = JUDGES[name] as (measured: MeasuredParts[PartName]) => Trouble | undefined;
  const { message = null, todo = null } = judge(parts[name]) ?? {};
  return { ...parts[name], ok: message === null, message, todo };
}
