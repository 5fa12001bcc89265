/** Who asks, and limits and budgets that are never reached: what is measured is the counting, not the refusing. */
export const ORGANISATION = 'bench-organisation';
export const OWNER = { project: 'bench', user: 'bench-user' } as const;
export const PLENTY = 1_000_000;

/** Five dimensions, tokens and concurrency among them, beside the address, which the shield counts by itself. */
export const LIMITS = [
  { per: 'ip', requests: `${PLENTY}/1s` },
  { per: 'key', requests: `${PLENTY}/1s` },
  { per: 'user', requests: `${PLENTY}/1s`, tokens: `${PLENTY * 1000}/1m`, concurrency: PLENTY },
  { per: 'project', requests: `${PLENTY}/1s` },
  { per: 'endpoint', requests: `${PLENTY}/1s` },
  { per: 'model', requests: `${PLENTY}/1s` },
];

export const BUDGETS = [
  { per: 'organisation', id: ORGANISATION, usd: PLENTY, hard: true, maxOutputTokens: 1024 },
  { per: 'project', id: OWNER.project, usd: PLENTY },
];
