import { targetName } from '../../core/call.ts';
import type { ModelCatalog } from '../catalog.ts';
import { PRESETS } from '../providers/openai-compatible/presets.ts';
import type { Provider } from '../providers/provider.ts';
import type { ProviderConfig } from '../providers/settings.ts';
import type { ProviderView } from './model-schema.ts';
import { type ListedModel, rolesOf } from './model-view.ts';

/** A provider's settings, and where they came from. */
export interface ListedProvider {
  readonly settings: ProviderConfig;
  readonly origin: ProviderView['origin'];
}

export function providerView(
  provider: Provider,
  { settings, origin }: ListedProvider,
  catalog: ModelCatalog,
  models: readonly ListedModel[],
): ProviderView {
  const { name, type, family, simulated, keys = [] } = provider;
  return {
    name,
    type,
    family,
    origin,
    host: hostOf(settings),
    simulated,
    keys: keys.map(({ id, shown, weight }) => ({ id, hint: shown, weight })),
    pass_through_credentials: settings.type !== 'simulator' && settings.passThroughCredentials,
    models: provider.models.map((model) => {
      return { model, price_known: catalog.priceOf(provider, model) !== undefined };
    }),
    used_by: models.flatMap((model) => usesOf(model, name)),
  };
}

function usesOf({ name, assignment }: ListedModel, provider: string): ProviderView['used_by'] {
  const own = rolesOf(assignment).filter(({ target }) => target.provider === provider);
  return [...new Set(own.map(({ target }) => targetName(target)))].map((target) => ({ model: name, target }));
}

/** Without what may stand before it: a name and a password. */
function hostOf(settings: ProviderConfig): string | null {
  if (settings.type === 'simulator') return null;
  const preset = settings.type === 'openai-compatible' ? PRESETS[settings.preset ?? ''] : undefined;
  const address = settings.baseUrl ?? preset?.baseUrl;
  return address === undefined ? null : (URL.parse(address)?.host ?? null);
}
