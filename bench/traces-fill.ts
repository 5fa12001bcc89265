import type { KeptText } from '../src/records/journal/entry-codec.ts';
import { TraceConnection } from '../src/records/traces/trace-store.ts';
import { type TraceRow, toTraceRow } from '../src/records/traces/trace-row.ts';
import { readAzureTrace } from './azure-trace.ts';
import { RecordMaker } from './record-maker.ts';

export interface FillPlan {
  readonly url: string;
  readonly traces: number;
  /** Epoch milliseconds: the first and the last trace. */
  readonly from: number;
  readonly until: number;
  readonly told: (done: number) => void;
}

const BATCH = 500;
const CONNECTIONS = 3;
const TELL_EVERY = 50_000;
/** A few hundred characters each. */
const SIZES = { bytesPerToken: 1, maxTextBytes: 1200 };

/** Writes traces evenly over the time, in the order of time, as fast as a few connections can. */
export async function fillTraces({ url, traces, from, until, told }: FillPlan): Promise<void> {
  const policy = { bodies: 'full', sample: 1, retentionClass: '', search: true } as const;
  const maker = new RecordMaker({ lines: readAzureTrace(), seed: 2, policy, ...SIZES });
  let made = 0;
  const nextBatch = (): TraceRow[] => {
    const count = Math.min(BATCH, traces - made);
    const rows = Array.from({ length: count }, (_, at) => rowOf(maker, from + ((made + at) / traces) * (until - from)));
    made += count;
    if (Math.floor(made / TELL_EVERY) !== Math.floor((made - count) / TELL_EVERY)) told(made);
    return rows;
  };
  const write = async (): Promise<void> => {
    const connection = new TraceConnection({ connectionString: url });
    try {
      for (let rows = nextBatch(); rows.length > 0; rows = nextBatch()) await connection.insert(rows);
    } finally {
      await connection.close();
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, write));
}

function rowOf(maker: RecordMaker, at: number): TraceRow {
  const { record, texts } = maker.next(Math.floor(at));
  return toTraceRow({ record, input: kept(texts.input), output: kept(texts.output), textsDropped: false });
}

function kept(bytes: Uint8Array | undefined): KeptText | undefined {
  return bytes && { bytes, wholeLength: bytes.length };
}
