/** What is looked at to see that something changed, by any replica. */
export interface LiveFacts {
  /** When the newest traces were written, as the database says it; empty where none were. */
  readonly traces: string;
  /** Changes with each event that is raised, and with each that is over. */
  readonly events: string;
  /** How many reviews wait for somebody. */
  readonly reviews: number;
  /** How many alerts fire. */
  readonly alerts: number;
  /** The number of changes of each subject of settings. */
  readonly settings: ReadonlyMap<string, number>;
}

/** That something changed, and nothing of what it is now but a number or a name. */
export interface Tick {
  readonly event: 'traces' | 'events' | 'reviews' | 'alerts' | 'settings';
  readonly data: Readonly<Record<string, string | number>>;
}

/** What changed between two looks. */
export function ticksOf(before: LiveFacts, now: LiveFacts): Tick[] {
  const ticks: Tick[] = [];
  if (now.traces !== before.traces) ticks.push({ event: 'traces', data: { latest: now.traces } });
  if (now.events !== before.events) ticks.push({ event: 'events', data: {} });
  if (now.reviews !== before.reviews) ticks.push({ event: 'reviews', data: { waiting: now.reviews } });
  if (now.alerts !== before.alerts) ticks.push({ event: 'alerts', data: { firing: now.alerts } });
  for (const [subject, revision] of now.settings) {
    if (before.settings.get(subject) !== revision) ticks.push({ event: 'settings', data: { subject } });
  }
  return ticks;
}
