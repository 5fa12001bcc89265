import { type Static, type TProperties, type TSchema, Type } from 'typebox';

const orNull = <Value extends TSchema>(value: Value) => Type.Union([value, Type.Null()]);
const Milliseconds = Type.Number({ description: 'Milliseconds' });
const Bytes = Type.Number({ description: 'Bytes' });
const Time = Type.String({ description: 'RFC 3339' });

/** A part of the gateway: whether it is well, and what to do where it is not. */
const part = <Fields extends TProperties>(fields: Fields, description: string) =>
  Type.Object(
    {
      ok: Type.Boolean(),
      message: orNull(Type.String({ description: 'What is wrong' })),
      todo: orNull(Type.String({ description: 'What to do about it' })),
      ...fields,
    },
    { description },
  );

const DatabasePart = part(
  {
    kind: Type.Union([Type.Literal('embedded'), Type.Literal('postgres')]),
    answers: Type.Boolean(),
    version: orNull(Type.String()),
    latency_ms: orNull(Milliseconds),
    size_bytes: orNull(Bytes),
    partitions: orNull(Type.Integer({ description: 'Parts that traces lie in' })),
  },
  'Keys, settings and records. It is not on the way of requests.',
);

const RedisPart = part(
  {
    configured: Type.Boolean({ description: 'Whether REDIS_URL is set' }),
    answers: orNull(Type.Boolean({ description: 'null where it is not configured' })),
    latency_ms: orNull(Milliseconds),
    exact: Type.Boolean({ description: 'Whether limits and budgets are what they say' }),
  },
  'Counters of limits and budgets, and shared answers.',
);

const JournalPart = part(
  {
    backlog_records: Type.Integer({ description: 'That are not in the database yet' }),
    backlog_bytes: Bytes,
    delay_ms: Milliseconds,
    fill: Type.Number({ description: '0 to 1, of what may wait' }),
    file_bytes: Bytes,
    written: Type.Integer({ description: 'Since the start, as what follows' }),
    dropped_records: Type.Integer(),
    dropped_texts: Type.Integer({ description: 'Records that were kept without their texts' }),
    damaged_bytes: Type.Integer(),
  },
  'What keeps records safe until they are in the database.',
);

const ProcessPart = part(
  {
    in_flight: Type.Integer(),
    event_loop_delay_p99_ms: orNull(
      Type.Number({ description: 'Of the last minute or so that somebody asked; null at first' }),
    ),
    memory_bytes: Bytes,
    memory_limit_bytes: orNull(Type.Number({ description: "The container's; null without one" })),
    heap_used_bytes: Bytes,
    heap_limit_bytes: Bytes,
    pressure: Type.Record(Type.String(), Type.Number(), {
      description: '0 to 1: event-loop, heap, container; above 0 requests are refused',
    }),
    shedding: Type.Boolean({ description: 'Requests of low priority are refused' }),
    shedding_ms: Milliseconds,
  },
  'This process.',
);

const ConfigPart = part(
  {
    path: Type.String(),
    file: Type.Boolean({ description: 'Whether there is one' }),
    loaded_at: Time,
    last_error: orNull(
      Type.String({ description: 'Where the file has what keeps it from being in force; /admin/v1/config says why' }),
    ),
    restart_pending: Type.Array(Type.String()),
  },
  'The configuration.',
);

const SnapshotPart = part(
  {
    wanted: Type.Boolean({ description: 'Whether the database is another process, which may be away' }),
    written_at: orNull(Time),
    age_ms: orNull(Milliseconds),
  },
  'What a start without PostgreSQL goes on from; there is none beside the embedded database.',
);

const VectorsPart = part(
  { state: Type.String({ description: 'idle: nobody has asked yet; running; pausing: it ended and starts again' }) },
  'The thread that makes vectors of texts.',
);

const ExportPart = part(
  {
    enabled: Type.Boolean(),
    exported: Type.Record(Type.String(), Type.Integer()),
    failures: Type.Record(Type.String(), Type.Integer()),
    dropped: Type.Record(Type.String(), Type.Integer()),
    waiting_bytes: Bytes,
    last_error: orNull(Type.String()),
  },
  'OpenTelemetry.',
);

const DiskPart = part(
  { path: Type.String(), free_bytes: orNull(Bytes), total_bytes: orNull(Bytes) },
  'The data folder.',
);

/** How this replica is. */
export const StatusView = Type.Object({
  ok: Type.Boolean({ description: 'Whether all parts are' }),
  version: Type.String(),
  node: Type.String(),
  replica: Type.String({ description: 'Another one after each start' }),
  host: Type.String(),
  pid: Type.Integer(),
  started_at: Time,
  uptime_seconds: Type.Number(),
  now: Time,
  database: DatabasePart,
  redis: RedisPart,
  journal: JournalPart,
  process: ProcessPart,
  config: ConfigPart,
  snapshot: SnapshotPart,
  vectors: VectorsPart,
  otlp: ExportPart,
  disk: DiskPart,
});
export type StatusView = Static<typeof StatusView>;

/** A part as it was measured, before anybody says whether that is well. */
export type Measured<Name extends PartName> = Omit<StatusView[Name], 'ok' | 'message' | 'todo'>;

export const PART_NAMES = [
  'database',
  'redis',
  'journal',
  'process',
  'config',
  'snapshot',
  'vectors',
  'otlp',
  'disk',
] as const;
export type PartName = (typeof PART_NAMES)[number];
