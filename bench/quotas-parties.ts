import { openGateway } from './open-gateway.ts';
import type { Party, Site } from './parties.ts';
import { BUDGETS, LIMITS, ORGANISATION, OWNER, PLENTY } from './plenty.ts';
import { UPSTREAM_MODEL } from './traffic.ts';

/** The gateway without limits, and with them in both ways of counting. */
export const QUOTA_PARTIES = ['without', 'memory', 'redis'] as const;
export type QuotaPartyName = (typeof QUOTA_PARTIES)[number];

const MODEL = `upstream/${UPSTREAM_MODEL}`;

const THREE_BUDGETS = [...BUDGETS, { per: 'user', tokens: PLENTY * 1_000_000 }];

function configOf(name: QuotaPartyName, upstreamOrigin: string): object {
  return {
    providers: { upstream: { type: 'openai-compatible', baseUrl: `${upstreamOrigin}/v1`, apiKey: 'bench' } },
    prices: { [MODEL]: { input: 0.25, output: 2 } },
    organisations: { [ORGANISATION]: { projects: [OWNER.project] } },
    ...(name === 'without' ? { limits: [] } : { limits: LIMITS, budgets: THREE_BUDGETS }),
  };
}

/** A gateway of its own on an embedded database; with Redis where it has an address. */
export function openQuotaParty(name: QuotaPartyName, site: Site, redisUrl: string | undefined): Promise<Party> {
  const env = redisUrl === undefined ? {} : { REDIS_URL: redisUrl };
  const config = configOf(name, site.upstreamOrigin);
  return openGateway(site, { name: `causeway-${name}`, config, model: MODEL, env });
}
