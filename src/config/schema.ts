import { type Static, type TOptional, type TProperties, Type } from 'typebox';

import { ConsoleSettings } from '../edge/console/settings.ts';
import { ServerSettings } from '../edge/settings.ts';
import { operatorFields } from '../operators/settings.ts';
import { CapabilitiesSettings } from '../models/capabilities/settings.ts';
import { EmbeddingsSettings } from '../models/embeddings/settings.ts';
import { PricesSettings } from '../models/pricing/settings.ts';
import { ProvidersSettings } from '../models/providers/settings.ts';
import { AssignmentSettings } from '../pipeline/assignment/settings.ts';
import {
  BudgetsSettings,
  CountersSettings,
  LimitsSettings,
  OrganisationsSettings,
} from '../pipeline/quotas/settings.ts';
import { RESILIENCE_OF_ALL, resilienceFields } from '../pipeline/resilience/settings.ts';
import { ResponsesSettings } from '../pipeline/stored-responses/settings.ts';
import { VigilanceSettings } from '../pipeline/vigilance/settings.ts';
import { objectiveFields } from '../records/objectives/settings.ts';
import { TelemetrySettings } from '../records/otel/settings.ts';
import { AlertSettings } from '../records/alerts/settings.ts';
import { LogSettings, RecordSettings } from '../records/settings.ts';
import { CacheSettings, cacheFields } from '../pipeline/cache/settings.ts';
import { promptFields } from '../pipeline/prompts/settings.ts';
import { rolloutFields } from '../pipeline/rollouts/settings.ts';
import {
  GuardedProjectsSettings,
  GuardServicesSettings,
  GuardsSettings,
  guardField,
} from '../pipeline/guards/settings.ts';
import { routeFields } from '../pipeline/routing/settings.ts';
import { shadowFields } from '../pipeline/shadow/settings.ts';
import { promptCacheFields } from '../pipeline/prompt-cache/settings.ts';
import { asField } from './field-schema.ts';
import { named, section, shared } from './fields.ts';
import type { TargetName } from './text-kinds.ts';

/** A virtual model: each room of the pipeline adds what it does for one. */
const ModelSettings = section(
  {
    ...AssignmentSettings.properties,
    ...routeFields,
    ...promptFields,
    ...guardField,
    ...resilienceFields,
    ...objectiveFields,
    ...cacheFields,
    ...promptCacheFields,
  },
  { oneOf: ['target', 'route'] },
);

type AllOptional<Fields extends TProperties> = { [Name in keyof Fields]: TOptional<Fields[Name]> };

function allOptional<Fields extends TProperties>(fields: Fields): AllOptional<Fields> {
  const optional = Object.entries(fields).map(([name, field]) => [name, Type.Optional(field)]);
  return Object.fromEntries(optional) as AllOptional<Fields>;
}

/** What a flag, an arm, a canary or a shadow may say in place of a virtual model's own settings. */
const VariantSettings = shared(
  section(
    allOptional({
      ...AssignmentSettings.properties,
      ...routeFields,
      ...promptFields,
      ...guardField,
      ...resilienceFields,
      ...cacheFields,
      ...promptCacheFields,
    }),
    { description: "In place of the virtual model's own settings; what is left out stays as it is." },
  ),
  { name: 'variant', keysOf: 'models.<name>' },
);

export type VariantSettings = Static<typeof VariantSettings>;

/** What may be said once for all models. */
const ModelDefaults = section(
  { ...RESILIENCE_OF_ALL, ...guardField, ...cacheFields, ...promptCacheFields },
  {
    description:
      'What holds for every model that does not say otherwise: virtual models without the part in question, and models that are asked for as provider/model.',
  },
);

export type ModelDefaults = Static<typeof ModelDefaults>;

export type ModelSettings = Static<typeof ModelSettings>;

/** With the target that is the first where there are several. */
export type ResolvedModel = ModelSettings & { readonly target: TargetName };

/** The whole of `causeway.yaml`, joined from the rooms' own parts. */
const FileSettings = section(
  {
    server: ServerSettings,
    console: section(
      { ...ConsoleSettings.properties, ...operatorFields },
      { description: 'The web console at /console/, and who operates the gateway.' },
    ),
    providers: ProvidersSettings,
    models: named(ModelSettings, {
      description: 'Virtual models: names that clients may ask for, and what stands behind them.',
      names: /^\S+$/,
      namesAre: 'model names without spaces, e.g. chat',
    }),
    defaults: ModelDefaults,
    cache: CacheSettings,
    guards: GuardsSettings,
    guardedProjects: GuardedProjectsSettings,
    guardServices: GuardServicesSettings,
    ...rolloutFields(VariantSettings),
    ...shadowFields(VariantSettings),
    limits: LimitsSettings,
    budgets: BudgetsSettings,
    organisations: OrganisationsSettings,
    counters: CountersSettings,
    vigilance: VigilanceSettings,
    prices: PricesSettings,
    capabilities: CapabilitiesSettings,
    embeddings: EmbeddingsSettings,
    responses: ResponsesSettings,
    records: RecordSettings,
    alerts: AlertSettings,
    telemetry: TelemetrySettings,
    log: LogSettings,
  },
  { description: 'Causeway configuration' },
);

export type FileSettings = Static<typeof FileSettings>;

/** The sections of the file that the database may have more of. */
export type RolloutSection = 'flags' | 'experiments' | 'canaries' | 'shadows';

/** What one of them is. */
export type RolloutOf<Section extends RolloutSection> =
  FileSettings[Section] extends ReadonlyMap<string, infer Value> ? Value : never;

export const FILE_SCHEMA = asField(FileSettings);
