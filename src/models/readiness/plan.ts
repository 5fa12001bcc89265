import { PRESETS } from '../providers/openai-compatible/presets.ts';
import { bearer, firstKey } from '../providers/provider-keys.ts';
import { USER_AGENT, splitBaseUrl } from '../providers/relay-request.ts';
import type { ConfigOf, HttpProviderConfig } from '../providers/settings.ts';
import type { UpstreamRequest } from '../transport/transport.ts';
import type { ReadinessSettings } from './settings.ts';

/** How a server is asked whether it is ready, fixed until the configuration changes. */
export interface ReadinessPlan {
  readonly intervalMs: number;
  /** A 2xx means that the server is up. */
  readonly check: UpstreamRequest;
  /**
   * A 2xx to one of these, asked in order, means that the model is warm; where one is refused as wrong, the next is
   * asked. Empty: a model is ready when its server is up.
   */
  warmUps(model: string): readonly UpstreamRequest[];
}

type ProbedConfig = ConfigOf<'openai-compatible'> | ConfigOf<'tei'>;

/** A server that is up answers this at once. */
const CHECK_TIMEOUTS = { connect: 2000, headers: 5000, idle: 5000 };

/** A large model may be loaded for the first request. */
const WARM_UP_TIMEOUTS = { connect: 2000, headers: 300_000, idle: 60_000 };

/**
 * Undefined where the operator did not ask for it.
 * @param sealedKeys stand behind those of the configuration
 */
export function readinessPlan(
  config: HttpProviderConfig,
  sealedKeys: readonly string[] = [],
): ReadinessPlan | undefined {
  if (config.type !== 'openai-compatible' && config.type !== 'tei') return undefined;
  const readiness: ReadinessSettings | undefined = config.readiness;
  const { baseUrl, path, takesChat } = serverOf(config);
  if (!readiness || baseUrl === undefined) return undefined;
  const { origin, basePath } = splitBaseUrl(baseUrl);
  const key = firstKey([...config.apiKeys, ...sealedKeys]);
  const headers = {
    'content-type': 'application/json',
    'user-agent': USER_AGENT,
    ...config.headers,
    ...(key === undefined ? {} : bearer(key)),
  };
  const post = (operation: string, body: object): UpstreamRequest => ({
    method: 'POST',
    origin,
    path: `${basePath}/${operation}`,
    headers,
    body: Buffer.from(JSON.stringify(body)),
    timeouts: WARM_UP_TIMEOUTS,
  });
  // The paths of health have no version; a gateway in front of the server may add a prefix.
  const root = basePath.replace(/\/v1$/, '');
  return {
    intervalMs: readiness.interval,
    check: {
      method: 'GET',
      origin,
      path: root + (readiness.path ?? path),
      headers,
      body: undefined,
      timeouts: CHECK_TIMEOUTS,
    },
    warmUps(model) {
      if (!takesChat || readiness.warmUp === false) return [];
      return [
        post('chat/completions', { model, messages: [{ role: 'user', content: 'Hi' }], max_tokens: 1 }),
        // A model that embeds does not chat.
        post('embeddings', { model, input: 'Hi' }),
      ];
    },
  };
}

interface Server {
  readonly baseUrl: string | undefined;
  readonly path: string;
  readonly takesChat: boolean;
}

/**
 * Text Embeddings Inference warms its one model up before it listens.
 * @see https://github.com/huggingface/text-embeddings-inference/blob/main/docs/openapi.json
 */
function serverOf(config: ProbedConfig): Server {
  if (config.type === 'tei') return { baseUrl: config.baseUrl, path: '/health', takesChat: false };
  const preset = config.preset === undefined ? undefined : PRESETS[config.preset];
  return {
    baseUrl: config.baseUrl ?? preset?.baseUrl,
    path: preset?.healthPath ?? '/v1/models',
    takesChat: true,
  };
}
