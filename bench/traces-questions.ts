import { FEATURES, MODELS, RARE_WORDS } from './record-maker.ts';

/** What somebody asks of a month of traces. */
export interface TraceQuestion {
  readonly title: string;
  /** Path and query of the admin API, another one for each run. */
  readonly path: (run: number) => string;
  /** So many pages are turned first, and the next one is measured. */
  readonly pagesBefore?: number;
}

export interface KnownTraces {
  /** Some of all days. */
  readonly ids: readonly string[];
  readonly conversations: readonly string[];
  /** When the newest ended, epoch milliseconds. */
  readonly until: number;
}

const DAY_MS = 86_400_000;
const PAGE = 50;
/** Days back from the newest that searches go through in turn. */
const DAYS = 20;

function listing(query: Readonly<Record<string, string | number>>): string {
  return `/admin/v1/traces?${new URLSearchParams({ limit: String(PAGE), ...texts(query) }).toString()}`;
}

function texts(query: Readonly<Record<string, string | number>>): Record<string, string> {
  return Object.fromEntries(Object.entries(query).map(([name, value]) => [name, String(value)]));
}

export function questionsAbout({ ids, conversations, until }: KnownTraces): TraceQuestion[] {
  const conversation = (run: number): string => conversations[run % conversations.length] ?? '';
  const day = (run: number) => ({
    since: until - ((run % DAYS) + 1) * DAY_MS,
    until: until - (run % DAYS) * DAY_MS,
  });
  const search = (title: string, text: string): TraceQuestion => ({
    title: `text over a day: ${title} (${text})`,
    path: (run) => listing({ q: text, ...day(run) }),
  });
  // People ask from a day on.
  const month = texts({ since: Math.ceil((until - 30 * DAY_MS) / DAY_MS) * DAY_MS, until });
  return [
    { title: 'newest page', path: () => listing({}) },
    { title: 'page by model and status', path: (run) => listing({ model: modelOf(run), status: 'failed' }) },
    { title: 'page by user', path: (run) => listing({ user: `user-${run * 37}` }) },
    {
      title: 'page by metadata, one in a hundred',
      path: (run) => listing({ 'metadata.tenant': run }),
    },
    {
      title: 'page by metadata and model',
      path: (run) => listing({ 'metadata.feature': FEATURES[run % FEATURES.length] ?? '', model: modelOf(run) }),
    },
    { title: 'page by conversation', path: (run) => listing({ conversation: conversation(run) }) },
    { title: 'page by latency, from 12 s on', path: (run) => listing({ min_latency_ms: 12_000 + run }) },
    { title: 'page by a latency that hardly any has', path: (run) => listing({ min_latency_ms: 13_000 + run * 50 }) },
    { title: 'page 10 by model', path: (run) => listing({ model: modelOf(run) }), pagesBefore: 9 },
    { title: 'trace by its id', path: (run) => `/admin/v1/traces/${ids[run % ids.length] ?? ''}` },
    search('Chinese, 2 characters, frequent', '用户'),
    search('Chinese, 2 characters, rare', RARE_WORDS.zh.slice(0, 2)),
    search('Chinese, 4 characters, frequent', '人工智能'),
    search('Chinese, 4 characters, rare', RARE_WORDS.zh),
    search('Chinese, nowhere', '蟋蟀'),
    search('English, frequent', 'invoice'),
    search('English, rare', RARE_WORDS.en),
    { title: 'conversation as a thread', path: (run) => `/admin/v1/conversations/${conversation(run)}` },
    {
      title: 'usage of a month by model',
      path: () => `/admin/v1/usage?${new URLSearchParams({ by: 'model', ...month }).toString()}`,
    },
    {
      title: 'usage of a month by day, of one user',
      path: (run) =>
        `/admin/v1/usage?${new URLSearchParams({ by: 'day', user: `user-${run * 37}`, ...month }).toString()}`,
    },
  ];
}

function modelOf(run: number): string {
  return MODELS[run % MODELS.length]?.name ?? '';
}
