import { randomUUID } from 'node:crypto';

import { VERSION } from '../../core/version.ts';
import { ATTR } from './conventions.ts';
import type { OtlpSettings, TelemetrySettings } from './settings.ts';

type Environment = Readonly<Record<string, string | undefined>>;
type Texts = Readonly<Record<string, string>>;

/** Where one signal goes. */
export interface SignalPlan {
  readonly url: string;
  readonly headers: Texts;
}

/** What is exported, and how; it travels to the export thread. */
export interface ExportPlan {
  readonly traces: SignalPlan | undefined;
  readonly metrics: SignalPlan | undefined;
  readonly resource: Texts;
  readonly content: OtlpSettings['content'];
  readonly sample: number;
  readonly clientSampling: boolean;
  readonly metricsIntervalMs: number;
  /** What the SDK reads by itself: its own variables but for those that are read here. */
  readonly sdkEnvironment: Texts;
}

export interface Planned {
  /** Undefined where nothing is to be exported. */
  readonly plan: ExportPlan | undefined;
  /** About variables that cannot be read; as OpenTelemetry asks, they are ignored then. */
  readonly warnings: readonly string[];
}

const MIN_INTERVAL_MS = 1000;
const DEFAULT_NAME = 'causeway';

const ENDPOINT = 'OTEL_EXPORTER_OTLP_ENDPOINT';
const HEADERS = 'OTEL_EXPORTER_OTLP_HEADERS';
const RESOURCE = 'OTEL_RESOURCE_ATTRIBUTES';

/** Transport options of the SDK; addresses and headers come from here alone, so that none goes where it should not. */
const SDK_VARIABLE =
  /^OTEL_EXPORTER_OTLP_(?:(?:TRACES|METRICS)_)?(?:TIMEOUT|COMPRESSION|CERTIFICATE|CLIENT_KEY|CLIENT_CERTIFICATE|TEMPORALITY_PREFERENCE)$/;

/** The settings, and the standard variables where those say nothing. */
export function planExport({ otlp }: Readonly<TelemetrySettings>, env: Environment): Planned {
  const warnings: string[] = [];
  if (env['OTEL_SDK_DISABLED']?.trim().toLowerCase() === 'true') return { plan: undefined, warnings };
  const read = new VariableReader(env, (warning) => warnings.push(warning));
  const traces = otlp.traces ? signalPlan('traces', otlp, read) : undefined;
  const metrics = otlp.metrics ? signalPlan('metrics', otlp, read) : undefined;
  if (!traces && !metrics) return { plan: undefined, warnings };
  const plan: ExportPlan = {
    traces,
    metrics,
    resource: resourceOf(otlp, env, read),
    content: otlp.content,
    sample: otlp.sample,
    clientSampling: otlp.clientSampling,
    metricsIntervalMs: Math.max(MIN_INTERVAL_MS, otlp.metricsInterval),
    sdkEnvironment: Object.fromEntries(
      Object.entries(env).filter(
        (pair): pair is [string, string] => pair[1] !== undefined && SDK_VARIABLE.test(pair[0]),
      ),
    ),
  };
  return { plan, warnings };
}

/** An address in the file is never sent headers that were meant for the one in the environment. */
function signalPlan(signal: 'traces' | 'metrics', otlp: OtlpSettings, read: VariableReader): SignalPlan | undefined {
  const own = signal.toUpperCase();
  if (read.isNone(`OTEL_${own}_EXPORTER`) && otlp.endpoint === undefined) return undefined;
  if (otlp.endpoint !== undefined) {
    return { url: `${otlp.endpoint}/v1/${signal}`, headers: headersOf(otlp, () => read.pairs(HEADERS)) };
  }
  // A variable for one signal has the whole address; the one for all has the beginning of it.
  const base = read.url(ENDPOINT);
  const url =
    read.url(`OTEL_EXPORTER_OTLP_${own}_ENDPOINT`) ?? (base === undefined ? undefined : `${base}/v1/${signal}`);
  if (url === undefined) return undefined;
  const ownHeaders = `OTEL_EXPORTER_OTLP_${own}_HEADERS`;
  return { url, headers: headersOf(otlp, () => ({ ...read.pairs(HEADERS), ...read.pairs(ownHeaders) })) };
}

function headersOf({ headers }: OtlpSettings, fallback: () => Texts): Texts {
  return headers.size > 0 ? Object.fromEntries(headers) : fallback();
}

/** Replicas that share a name would overwrite each other's metrics, so each start has an id of its own. */
function resourceOf({ resource, serviceName }: OtlpSettings, env: Environment, read: VariableReader): Texts {
  const written = { ...read.pairs(RESOURCE), ...Object.fromEntries(resource) };
  const fromVariable = env['OTEL_SERVICE_NAME']?.trim() || undefined;
  const name = serviceName ?? resource.get(ATTR.serviceName) ?? fromVariable ?? written[ATTR.serviceName];
  return {
    [ATTR.serviceInstanceId]: randomUUID(),
    [ATTR.serviceVersion]: VERSION,
    ...written,
    [ATTR.serviceName]: name ?? DEFAULT_NAME,
  };
}

/** Reads variables in the forms that OpenTelemetry gives them. No warning quotes a value, which may be a credential. */
class VariableReader {
  readonly #env: Environment;
  readonly #warn: (warning: string) => void;
  readonly #warned = new Set<string>();

  constructor(env: Environment, warn: (warning: string) => void) {
    this.#env = env;
    this.#warn = warn;
  }

  isNone(name: string): boolean {
    return this.#env[name]?.trim().toLowerCase() === 'none';
  }

  /** Without slashes at its end. */
  url(name: string): string | undefined {
    const text = this.#env[name]?.trim();
    if (!text) return undefined;
    const isUrl = /^https?:\/\//.test(text) && URL.canParse(text);
    if (!isUrl) this.#ignore(name, 'write an http(s) address, e.g. http://127.0.0.1:4318');
    return isUrl ? text.replace(/\/+$/, '') : undefined;
  }

  /** `key=value,key=value`, percent-encoded. */
  pairs(name: string): Texts {
    const text = this.#env[name]?.trim();
    if (!text) return {};
    try {
      return Object.fromEntries(text.split(',').flatMap((pair) => (pair.trim() === '' ? [] : [readPair(pair)])));
    } catch {
      this.#ignore(name, 'write key=value,key=value with special characters percent-encoded');
      return {};
    }
  }

  #ignore(name: string, write: string): void {
    if (this.#warned.has(name)) return;
    this.#warned.add(name);
    this.#warn(`${name} cannot be read and is ignored; ${write}`);
  }
}

/** @throws URIError where an escape is wrong; RangeError where there is no key. */
function readPair(pair: string): [string, string] {
  const equals = pair.indexOf('=');
  const key = decodeURIComponent(pair.slice(0, Math.max(0, equals)).trim());
  if (key === '') throw new RangeError('no key');
  return [key, decodeURIComponent(pair.slice(equals + 1).trim())];
}
