/** What Causeway's own metrics say about its records. */
export interface Journal {
  /** Waiting to be written. */
  readonly queued: number;
  readonly dropped: number;
  /** Since the process started. */
  readonly written: number;
}

/** The sum of a metric over all its label sets in Prometheus' text form; 0 where it is absent. */
function metric(text: string, name: string): number {
  const samples = [...text.matchAll(new RegExp(`^${name}(?:\\{[^\\n]*\\})? (\\S+)$`, 'gm'))];
  return samples.reduce((sum, [, value]) => sum + Number(value), 0);
}

export async function readJournal(metricsUrl: string): Promise<Journal> {
  const response = await fetch(metricsUrl);
  const text = await response.text();
  if (!response.ok) throw new Error(`${metricsUrl} answered ${response.status}: ${text}`);
  return {
    queued: metric(text, 'causeway_records_queued'),
    dropped: metric(text, 'causeway_records_dropped_total'),
    written: metric(text, 'causeway_records_written_total'),
  };
}
