import type { TFunction } from 'i18next';

import { bytes, count, duration, share } from '../../format/numbers.ts';
import { clockTime, fullTime } from '../../format/times.ts';
import type { Status } from './wire.ts';

type Words = TFunction<'settings'>;
export type PartFact = readonly [name: string, value: string, title?: string];

type Sizes = Readonly<Record<string, number>>;

const sum = (numbers: Sizes): number => Object.values(numbers).reduce((all, one) => all + one, 0);
const bySort = (numbers: Sizes): string =>
  Object.entries(numbers)
    .map(([name, one]) => `${name} ${count(one)}`)
    .join(', ');

/** `12 MB of 2 GB (6%)`; without the whole, just the part. */
function ofWhole(part: number, whole: number | null, t: Words): string {
  if (whole === null || whole === 0) return bytes(part);
  return t('ofWhole', { part: bytes(part), whole: bytes(whole), share: share(part / whole, 0) });
}

/** What is worth knowing of each part, in the order in which they are shown. */
export function partsOf(status: Status, t: Words) {
  return {
    database: databaseFacts(status.database, t),
    redis: redisFacts(status.redis, t),
    journal: journalFacts(status.journal, t),
    process: processFacts(status.process, t),
    config: configFacts(status.config, t),
    snapshot: snapshotFacts(status.snapshot, t),
    vectors: [[t('state'), known(status.vectors.state, t)]],
    otlp: otlpFacts(status.otlp, t),
    disk: diskFacts(status.disk, t),
  } satisfies Partial<Record<keyof Status, readonly PartFact[]>>;
}

export type PartName = keyof ReturnType<typeof partsOf>;

function known(state: string, t: Words): string {
  const words: Readonly<Record<string, string>> = t('vectorStates', { returnObjects: true });
  return words[state] ?? state;
}

const yesNo = (value: boolean | null, t: Words): string =>
  value === null ? '–' : t(value ? 'yes' : 'no', { ns: 'common' });

function databaseFacts(part: Status['database'], t: Words): PartFact[] {
  return [
    [t('kind'), t(part.kind === 'embedded' ? 'embedded' : 'ownPostgres')],
    [t('version'), part.version ?? '–'],
    [t('answerTime'), duration(part.latency_ms)],
    [t('size'), bytes(part.size_bytes)],
    [t('partitions'), count(part.partitions)],
  ];
}

function redisFacts(part: Status['redis'], t: Words): PartFact[] {
  if (!part.configured) return [[t('state'), t('notConfigured')]];
  return [
    [t('answers'), yesNo(part.answers, t)],
    [t('answerTime'), duration(part.latency_ms)],
    [t('exact'), yesNo(part.exact, t)],
  ];
}

function journalFacts(part: Status['journal'], t: Words): PartFact[] {
  return [
    [t('backlog'), t('backlogOf', { count: part.backlog_records, size: bytes(part.backlog_bytes) })],
    [t('delay'), duration(part.delay_ms)],
    [t('fill'), share(part.fill)],
    [t('fileSize'), bytes(part.file_bytes)],
    [t('written'), count(part.written)],
    [t('dropped'), count(part.dropped_records)],
    [t('droppedTexts'), count(part.dropped_texts)],
  ];
}

function processFacts(part: Status['process'], t: Words): PartFact[] {
  const pressure = Math.max(0, ...Object.values(part.pressure));
  return [
    [t('inFlight'), count(part.in_flight)],
    [t('loopDelay'), duration(part.event_loop_delay_p99_ms)],
    [t('memory'), ofWhole(part.memory_bytes, part.memory_limit_bytes, t)],
    [t('heap'), ofWhole(part.heap_used_bytes, part.heap_limit_bytes, t)],
    [t('pressure'), share(pressure, 0), pressureWords(part.pressure)],
    [t('shedding'), yesNo(part.shedding, t)],
  ];
}

function pressureWords(pressure: Sizes): string {
  return Object.entries(pressure)
    .map(([name, one]) => `${name} ${share(one, 0)}`)
    .join(', ');
}

function configFacts(part: Status['config'], t: Words): PartFact[] {
  return [
    [t('file'), part.file ? part.path : t('noneYet'), part.path],
    [t('loaded'), clockTime(part.loaded_at), fullTime(part.loaded_at)],
    [
      t('waitsForRestart'),
      part.restart_pending.length === 0 ? t('none', { ns: 'common' }) : part.restart_pending.join(', '),
    ],
  ];
}

function snapshotFacts(part: Status['snapshot'], t: Words): PartFact[] {
  if (!part.wanted) return [[t('state'), t('notNeeded')]];
  const { written_at: at } = part;
  return at === null
    ? [[t('writtenAt'), '–']]
    : [
        [t('writtenAt'), clockTime(at), fullTime(at)],
        [t('age'), duration(part.age_ms)],
      ];
}

function otlpFacts(part: Status['otlp'], t: Words): PartFact[] {
  if (!part.enabled) return [[t('state'), t('notConfigured')]];
  return [
    [t('exported'), count(sum(part.exported)), bySort(part.exported)],
    [t('failures'), count(sum(part.failures)), bySort(part.failures)],
    [t('dropped'), count(sum(part.dropped)), bySort(part.dropped)],
    [t('waiting'), bytes(part.waiting_bytes)],
  ];
}

function diskFacts(part: Status['disk'], t: Words): PartFact[] {
  const { free_bytes: free, total_bytes: total, path } = part;
  return [
    [t('free'), free === null ? '–' : ofWhole(free, total, t)],
    [t('folder'), path],
  ];
}
