import type { App } from '../app.ts';
import { targetName } from '../core/call.ts';
import type { ModelCatalog, VirtualModel } from '../models/catalog.ts';

export interface StartFacts extends Pick<
  App,
  'url' | 'hasConsole' | 'freshKeys' | 'database' | 'sharedCounters' | 'limits'
> {
  readonly catalog: ModelCatalog;
  /** What is tried of virtual models now, in words. */
  readonly tried: readonly string[];
  /** Which policies of guards look at what. */
  readonly guards: string;
  readonly dataDir: string;
  /** The configuration file that was read; undefined where there is none. */
  readonly file: string | undefined;
  /** How many processes share the port, where there is more than one. */
  readonly workers?: number | undefined;
  /** How the program is called here: `causeway`, or through npm in a clone. */
  readonly program: string;
}

const PREFERRED = ['openai/gpt-5-mini', 'anthropic/claude-haiku-4-5'] as const;
const SHOWN_TARGETS = 4;
const SHOWN_MODELS = 6;
const SHOWN_TRIED = 6;

/** What a start prints: where it is, with which key, which models there are, and a line that works when pasted. */
export function startText(facts: StartFacts): string {
  const { url, freshKeys, catalog, file } = facts;
  const simulated = catalog.providers.every((provider) => provider.simulated);
  const blocks = [
    `Causeway is listening on ${url}`,
    keyLines(facts),
    modelLines(catalog),
    curlLine(url, freshKeys.apiKey, catalog),
    simulated ? realProviders(file) : undefined,
  ];
  return blocks.filter((block) => block !== undefined).join('\n\n');
}

function keyLines(facts: StartFacts): string {
  const { url, hasConsole, freshKeys, database, sharedCounters, limits, dataDir, file, program, tried, guards } = facts;
  const lines = [
    freshKeys.apiKey && `API key    ${freshKeys.apiKey}   (shown this once; more: ${program} keys create)`,
    freshKeys.adminKey && `Admin key  ${freshKeys.adminKey}   (shown this once; or set CAUSEWAY_ADMIN_KEY)`,
    hasConsole ? `Console    ${url}/console/   (sign in with the admin key)` : undefined,
    `Database   ${database === 'embedded' ? `embedded, in ${dataDir}` : 'PostgreSQL (DATABASE_URL)'}`,
    sharedCounters ? 'Counters   Redis (REDIS_URL)' : undefined,
    facts.workers === undefined ? undefined : `Workers    ${facts.workers}, a process each, on one port (--workers)`,
    `Limits     ${limits.length === 0 ? 'none' : limits.join(', ')}   (limits: in causeway.yaml)`,
    `Guards     ${guards}`,
    `Config     ${file ?? 'none (causeway.yaml is optional)'}`,
    tried.length > 0 ? `Tried      ${triedText(tried)}` : undefined,
  ];
  return lines.filter((line) => line !== undefined).join('\n');
}

function triedText(tried: readonly string[]): string {
  const more = tried.length - SHOWN_TRIED;
  return `${tried.slice(0, SHOWN_TRIED).join(', ')}${more > 0 ? `, and ${more} more` : ''}`;
}

function modelLines(catalog: ModelCatalog): string {
  const virtual = catalog.virtualModels.map((model) => `  ${model.name} → ${behind(model)}`);
  const direct = catalog.providers.map(({ name, type, models }) => {
    const names = models.slice(0, SHOWN_MODELS).map((model) => `${name}/${model}`);
    const more = models.length > SHOWN_MODELS ? ', …' : '';
    const shown = names.length > 0 ? `${names.join(', ')}${more}` : `${name}/<any model it has>`;
    return `  ${shown}   (${type === name ? type : `${name}, ${type}`})`;
  });
  return ['Models', ...virtual, ...direct].join('\n');
}

/** The target, or those that one is chosen of, what else may be asked, and how it is chosen. */
function behind({ target, route }: VirtualModel): string {
  if (!route) return targetName(target);
  const { candidates, cascade, rules, by } = route;
  const names = candidates.slice(0, SHOWN_TARGETS).map((one) => targetName(one.target));
  const more = candidates.length > SHOWN_TARGETS ? ', …' : '';
  const then = cascade ? `, then ${targetName(cascade.to)} where it is not sure` : '';
  const before = rules.length > 0 ? ` + ${rules.length} ${rules.length === 1 ? 'rule' : 'rules'}` : '';
  return `${names.join(', ')}${more}${then}${before}${candidates.length > 1 ? `   (by ${by})` : ''}`;
}

function curlLine(url: string, key: string | undefined, catalog: ModelCatalog): string {
  const model = exampleModel(catalog);
  const body = JSON.stringify({ model, stream: true, messages: [{ role: 'user', content: 'Hello!' }] });
  return [
    'Try it',
    `  curl -N ${url}/v1/chat/completions -H "Authorization: Bearer ${key ?? '$CAUSEWAY_API_KEY'}" ` +
      `-H "Content-Type: application/json" -d '${body}'`,
  ].join('\n');
}

/** A model that the chat endpoint serves, a real provider's first. */
function exampleModel(catalog: ModelCatalog): string {
  const virtual = catalog.virtualModels.find(({ target }) => servesChat(catalog, target.provider));
  if (virtual) return virtual.name;
  const names = new Set(catalog.entries().map(({ id }) => id));
  const preferred = PREFERRED.find((name) => names.has(name) && servesChat(catalog, name.split('/')[0] ?? ''));
  return preferred ?? 'sim/echo';
}

function servesChat(catalog: ModelCatalog, provider: string): boolean {
  return catalog.provider(provider).wire('openai', 'chat') !== undefined;
}

function realProviders(file: string | undefined): string {
  const orElse = file === undefined ? 'write a causeway.yaml' : `name providers in ${file}`;
  return [
    'No provider key was found, so the simulator answers: made-up text, marked with x-causeway-simulated: true.',
    `For real models set OPENAI_API_KEY, ANTHROPIC_API_KEY or the usual key of a preset and start again, or ${orElse} (docs/config.md).`,
  ].join('\n');
}
