import type { Static } from 'typebox';

import { ServerSettings } from '../edge/settings.ts';
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
import { promptCacheFields } from '../pipeline/prompt-cache/settings.ts';
import { asField } from './field-schema.ts';
import { named, section } from './fields.ts';

/** A virtual model: each room of the pipeline adds what it does for one. */
const ModelSettings = section({
  ...AssignmentSettings.properties,
  ...resilienceFields,
  ...objectiveFields,
  ...cacheFields,
  ...promptCacheFields,
});

/** What may be said once for all models. */
const ModelDefaults = section(
  { ...RESILIENCE_OF_ALL, ...cacheFields, ...promptCacheFields },
  {
    description:
      'What holds for every model that does not say otherwise: virtual models without the part in question, and models that are asked for as provider/model.',
  },
);

export type ModelDefaults = Static<typeof ModelDefaults>;

export type ModelSettings = Static<typeof ModelSettings>;

/** The whole of `causeway.yaml`, joined from the rooms' own parts. */
const FileSettings = section(
  {
    server: ServerSettings,
    providers: ProvidersSettings,
    models: named(ModelSettings, {
      description: 'Virtual models: names that clients may ask for, and what stands behind them.',
      names: /^\S+$/,
      namesAre: 'model names without spaces, e.g. chat',
    }),
    defaults: ModelDefaults,
    cache: CacheSettings,
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

export const FILE_SCHEMA = asField(FileSettings);
