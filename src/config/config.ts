import type { ServerSettings } from '../edge/settings.ts';
import type { CapabilitySettings } from '../models/capabilities/settings.ts';
import type { EmbeddingsSettings } from '../models/embeddings/settings.ts';
import type { PriceSettings } from '../models/pricing/settings.ts';
import type { ProviderConfig } from '../models/providers/settings.ts';
import type {
  BudgetSettings,
  CountersSettings,
  LimitSettings,
  OrganisationSettings,
} from '../pipeline/quotas/settings.ts';
import type { CacheSettings } from '../pipeline/cache/settings.ts';
import type { ResponsesSettings } from '../pipeline/stored-responses/settings.ts';
import type { VigilanceSettings } from '../pipeline/vigilance/settings.ts';
import type { TelemetrySettings } from '../records/otel/settings.ts';
import type { AlertSettings } from '../records/alerts/settings.ts';
import type { LogSettings, RecordSettings } from '../records/settings.ts';
import type { EffectiveValue } from './effective.ts';
import type { FileSettings, ModelDefaults, ResolvedModel } from './schema.ts';

/** The configuration in force: every default applied, times in milliseconds, sizes in bytes, prices in dollars. */
export interface Config {
  readonly server: Readonly<ServerSettings>;
  readonly console: Readonly<FileSettings['console']>;
  /** By name: those of the file in its order, then those of the environment, then the simulator. */
  readonly providers: ReadonlyMap<string, ProviderConfig>;
  /** Virtual models by name. */
  readonly models: ReadonlyMap<string, Readonly<ResolvedModel>>;
  /** What holds for models that do not say otherwise. */
  readonly defaults: Readonly<ModelDefaults>;
  readonly flags: FileSettings['flags'];
  readonly experiments: FileSettings['experiments'];
  readonly canaries: FileSettings['canaries'];
  readonly shadows: FileSettings['shadows'];
  /** Where answers are kept, and what makes vectors of texts. */
  readonly cache: Readonly<CacheSettings>;
  /** Policies of guards by name. */
  readonly guards: FileSettings['guards'];
  /** Project → the name of its policy. */
  readonly guardedProjects: FileSettings['guardedProjects'];
  readonly guardServices: FileSettings['guardServices'];
  /** Undefined where the file says nothing of them, so that the usual ones hold. */
  readonly limits?: readonly LimitSettings[];
  readonly budgets: readonly BudgetSettings[];
  readonly organisations: ReadonlyMap<string, Readonly<OrganisationSettings>>;
  readonly counters: Readonly<CountersSettings>;
  readonly vigilance: Readonly<VigilanceSettings>;
  /** Dollars per million tokens, by `provider/model`. */
  readonly prices: ReadonlyMap<string, Readonly<PriceSettings>>;
  /** What targets can do, by `provider/model`. */
  readonly capabilities: ReadonlyMap<string, Readonly<CapabilitySettings>>;
  readonly embeddings: Readonly<EmbeddingsSettings>;
  readonly responses: Readonly<ResponsesSettings>;
  readonly records: Readonly<RecordSettings>;
  readonly alerts: Readonly<AlertSettings>;
  readonly telemetry: Readonly<TelemetrySettings>;
  readonly log: Readonly<LogSettings>;
}

/** Where a value came from. */
export type Origin = 'file' | 'environment' | 'default';

export interface LoadedConfig {
  readonly config: Config;
  /** By key as messages write it: `server.port`, `models.chat.target`; a provider's is under `providers.<name>`. */
  readonly origins: ReadonlyMap<string, Origin>;
  /** The file that was read; undefined where there is none. */
  readonly file: string | undefined;
  /** The files of words that guards look for, with a hash of what is in each. */
  readonly wordFiles: ReadonlyMap<string, string>;
  /** Every single value, as people may see it. */
  readonly values: () => readonly EffectiveValue[];
}

/** Environment variables, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;
