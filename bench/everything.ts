import { LONG_PROMPT_BYTES } from './cases.ts';
import { openGateway } from './open-gateway.ts';
import type { Party, Site } from './parties.ts';
import { BUDGETS, LIMITS, ORGANISATION, OWNER } from './plenty.ts';
import { UPSTREAM_MODEL, pacedModel } from './traffic.ts';

/** The virtual model that the load asks for. */
const MODEL = 'chat';

const PRICE = { input: 0.25, output: 2 };
const PROVIDERS = ['one', 'two'];

/** The longest prompt of the bench passes; the guard reads it all the same. */
const VALIDATION = { maxCharacters: 2 * LONG_PROMPT_BYTES };

/** Answers come from two targets, the faster one first. */
function virtualModel(model: string): object {
  const targets = PROVIDERS.map((provider) => ({ target: `${provider}/${model}` }));
  return { route: { by: 'load', targets }, cache: { exact: {} }, guards: 'default' };
}

/** What a team has on in production. */
function configOf(upstreamOrigin: string): object {
  const upstream = { type: 'openai-compatible', baseUrl: `${upstreamOrigin}/v1`, apiKey: 'bench' };
  const served = [UPSTREAM_MODEL, pacedModel(UPSTREAM_MODEL)];
  return {
    providers: Object.fromEntries(PROVIDERS.map((provider) => [provider, upstream])),
    models: {
      [MODEL]: virtualModel(UPSTREAM_MODEL),
      [pacedModel(MODEL)]: virtualModel(pacedModel(UPSTREAM_MODEL)),
    },
    guards: { default: { validation: VALIDATION, pii: {}, injection: {} } },
    prices: Object.fromEntries(PROVIDERS.flatMap((one) => served.map((model) => [`${one}/${model}`, PRICE]))),
    organisations: { [ORGANISATION]: { projects: [OWNER.project] } },
    limits: LIMITS,
    budgets: BUDGETS,
  };
}

export interface EverythingPlan {
  /** Of its folder and its log. */
  readonly name: string;
  /** PostgreSQL; without one, the embedded database. */
  readonly databaseUrl?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * A gateway with everything on: authentication, limits on five dimensions, two budgets, guards, exact cache, routing,
 * breaker, a trace of each request to the journal and from there into the database, metrics.
 */
export function openEverything(site: Site, { name, databaseUrl, env }: EverythingPlan): Promise<Party> {
  const database = databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl };
  return openGateway(site, { name, config: configOf(site.upstreamOrigin), model: MODEL, env: { ...database, ...env } });
}
