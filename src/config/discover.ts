import { type HttpProviderConfig, USUAL_PROVIDERS } from '../models/providers/settings.ts';
import type { Environment } from './config.ts';
import { setVariable } from './expand-env.ts';
import { asField } from './field-schema.ts';
import { BaseUrl } from './fields.ts';
import { ENVIRONMENT, type Problem } from './problems.ts';
import { readVariable } from './read-scalar.ts';

const BASE_URL = asField(BaseUrl({ description: 'Where the provider is.' }));

export interface Discovery {
  /** By name, which is also the type or the preset. */
  readonly providers: ReadonlyMap<string, HttpProviderConfig>;
  readonly problems: readonly Problem[];
}

/** A key and its base URL are taken together, so that a key never goes to an address that it was not meant for. */
export function discoverProviders(env: Environment): Discovery {
  const providers = new Map<string, HttpProviderConfig>();
  const problems: Problem[] = [];
  for (const { name, keyVariable, urlVariable, kind } of USUAL_PROVIDERS) {
    const key = setVariable(env, keyVariable);
    if (key === undefined) continue;
    const url = setVariable(env, urlVariable);
    const outcome = url === undefined ? { value: undefined } : readVariable(BASE_URL, url);
    if ('problem' in outcome) problems.push(environmentProblem(urlVariable, outcome.problem));
    else providers.set(name, { ...kind, apiKeys: [key], baseUrl: outcome.value as string | undefined, ...PLAIN });
  }
  return { providers, problems };
}

const PLAIN = { headers: {}, passThroughCredentials: false, models: [], sharedResources: [] };

/** The variable that would bring in a provider of this name. */
export function keyVariableOf(provider: string): string | undefined {
  return USUAL_PROVIDERS.find(({ name }) => name === provider)?.keyVariable;
}

export function environmentProblem(variable: string, message: string): Problem {
  return { file: ENVIRONMENT, line: 1, column: 1, key: variable, message };
}
