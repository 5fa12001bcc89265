/** What the primary tells a worker. */
export type ToWorker =
  | { readonly type: 'stop' }
  | { readonly type: 'reload' }
  /** Tell your figures. */
  | { readonly type: 'expose'; readonly id: number }
  /** The figures of all, which the worker asked for. */
  | { readonly type: 'scraped'; readonly id: number; readonly text: string };

/** What a worker tells the primary. */
export type FromWorker =
  /** It hears from now on; what was said before is lost. */
  | { readonly type: 'seated' }
  /** It listens. `text` is what a start prints. */
  | { readonly type: 'ready'; readonly text: string }
  | { readonly type: 'exposed'; readonly id: number; readonly text: string }
  /** Somebody wants the figures of all. */
  | { readonly type: 'scrape'; readonly id: number };
