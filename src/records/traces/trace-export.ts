import type { ListPosition } from '../../storage/database/list-position.ts';
import type { FeedbackReader } from './feedback-of.ts';
import type { ListedTrace, Page, TraceStore, WholeTrace } from './listing-store.ts';
import type { TraceExport } from './trace-filter-query.ts';
import { listedTraceView, traceView } from './trace-view.ts';

/** Rows that are held at a time: texts may be of hundreds of kilobytes each. */
const PAGE_ROWS = { withTexts: 10, without: 500 } as const;

/** JSON lines, one trace each, the newest first. */
export class TraceExportLines {
  readonly #store: TraceStore;
  readonly #feedback: FeedbackReader | undefined;
  readonly #asked: TraceExport;

  constructor(store: TraceStore, feedback: FeedbackReader | undefined, asked: TraceExport) {
    this.#store = store;
    this.#feedback = feedback;
    this.#asked = asked;
  }

  /**
   * Page by page, as fast as it is read; what fails in between breaks the answer off, which has no end then that could
   * be taken for one. The first page is read before anything is answered, so that what fails then has a status.
   * @throws deadline_exceeded, storage_unavailable
   */
  async start(): Promise<AsyncGenerator<string>> {
    return this.#rest(await this.#page(undefined));
  }

  async *#rest(first: Page<ListedTrace | WholeTrace>): AsyncGenerator<string> {
    for (let page = first; ; page = await this.#page(page.next)) {
      if (page.traces.length > 0) yield await this.#lines(page.traces);
      if (!page.next) return;
    }
  }

  #page(after: ListPosition | undefined): Promise<Page<ListedTrace | WholeTrace>> {
    const { filter, bodies } = this.#asked;
    return bodies
      ? this.#store.listWhole(filter, PAGE_ROWS.withTexts, after)
      : this.#store.list(filter, PAGE_ROWS.without, after);
  }

  async #lines(traces: readonly (ListedTrace | WholeTrace)[]): Promise<string> {
    const feedback = await this.#feedback?.feedbackOf(traces.map(({ traceId }) => traceId));
    return traces
      .map((trace) => {
        const said = feedback?.get(trace.traceId);
        const view = 'input' in trace ? traceView(trace, said) : listedTraceView(trace, said);
        return `${JSON.stringify(view)}\n`;
      })
      .join('');
  }
}
