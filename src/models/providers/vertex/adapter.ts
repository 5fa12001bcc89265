import type { Capabilities } from '../../capabilities/capabilities.ts';
import { capabilitiesOf } from '../../capabilities/table.ts';
import type { Transport } from '../../transport/transport.ts';
import { anthropicWire, serves as servesClaude } from '../anthropic/wire.ts';
import { PASSED_HEADERS as GEMINI_HEADERS, FORWARDED as GEMINI_FORWARDED } from '../gemini/adapter.ts';
import { ProofMemory } from '../gemini/proof-memory.ts';
import { type GeminiServer, toRequest } from '../gemini/to-request.ts';
import { geminiWire, serves as servesGemini } from '../gemini/wire.ts';
import { type HttpProviderOptions, httpAccess } from '../http-provider.ts';
import { type KeyHeaders, bearer } from '../provider-keys.ts';
import type { Provider } from '../provider.ts';
import { type GoogleIdentity, googleIdentity, missingProject } from './access-token.ts';
import {
  type Place,
  type Publisher,
  UNKNOWN_PROJECT,
  modelPath,
  modelResource,
  ownAddress,
  publisherOf,
} from './address.ts';
import { authorizer } from './authorize.ts';
import { toClaudeRequest } from './claude.ts';
import { vertexEmbedder } from './embedder.ts';

const PASSED_HEADERS: ReadonlySet<string> = new Set([...GEMINI_HEADERS, 'request-id']);

/** By what a request is served and paid: provisioned throughput, flex, priority. */
const FORWARDED = [...GEMINI_FORWARDED, 'x-vertex-ai-llm-request-type', 'x-vertex-ai-llm-shared-request-type'] as const;

interface VertexOptions extends HttpProviderOptions {
  readonly project?: string | undefined;
  readonly location: string;
  readonly credentialsFile?: string | undefined;
  readonly accessToken?: string | undefined;
}

/**
 * Provider type `vertex`: models of Google and of Anthropic on Google Cloud.
 * @param identify who asks where neither a key nor a token is configured, for tests
 */
export function createVertexProvider(
  options: VertexOptions,
  transport: Transport,
  identify: (credentialsFile: string | undefined) => GoogleIdentity = googleIdentity,
): Provider {
  const { name, models, location } = options;
  const isIdentified = options.accessToken === undefined && options.apiKeys.length === 0;
  const place = placeOf(options, isIdentified);
  const access = httpAccess(options, {
    baseUrl: (options.baseUrl ?? ownAddress(location)).replace(/\/v1(?:beta1)?\/*$/, ''),
    ...credentialOf(options),
    // No client brings credentials of Google Cloud: those that it has are for another provider.
    clientDialect: 'converse',
  });
  const { endpoint } = access;
  const google: GeminiServer = {
    flavour: { callIds: false, serviceTier: false, penaltiesBefore3: true },
    path: (model) => modelPath(place(), 'google', model),
    resource: (model) => modelResource(place(), 'google', model),
    forwarded: FORWARDED,
    proofs: new ProofMemory(),
  };
  return {
    name,
    type: 'vertex',
    family: 'vertex',
    simulated: false,
    transport,
    models,
    passedHeaders: PASSED_HEADERS,
    requestIdHeader: 'request-id',
    // Models cost the same in all regions, and another price at the global endpoint.
    region: () => (location === 'global' ? undefined : 'regional'),
    ownsModel: (model) => models.includes(model),
    wire(dialect, operation, model = '') {
      if (model.startsWith('claude-')) return servesClaude(dialect, operation) ? anthropicWire : undefined;
      return servesGemini(dialect, operation) ? geminiWire : undefined;
    },
    plan(call, model, known, hints) {
      const publisher = publisherOf(model);
      const capabilities = generally(publisher, model, known);
      return publisher === 'anthropic'
        ? toClaudeRequest(call, model, endpoint(call), place(), capabilities, hints)
        : toRequest(call, model, endpoint(call), google, capabilities);
    },
    ...(isIdentified ? { authorize: authorizer(name, identify(options.credentialsFile)) } : {}),
    embedder: vertexEmbedder(endpoint, google.path),
    ...access.keys,
    close: () => transport.close(),
  };
}

/** Models can what they can at their publisher's own address; their versions stand behind an `@`. */
function generally(publisher: Publisher, model: string, known: Capabilities | undefined): Capabilities {
  const [name = model] = model.split('@');
  return { ...capabilitiesOf(publisher === 'anthropic' ? 'anthropic' : 'gemini', name), ...known };
}

const googleKey: KeyHeaders = (key) => ({ 'x-goog-api-key': key });

/** A token goes before a key. Where there is neither, a token is found later. */
function credentialOf({
  accessToken,
}: VertexOptions): Pick<Parameters<typeof httpAccess>[1], 'keyHeaders' | 'keyless'> {
  return accessToken === undefined ? { keyHeaders: googleKey, keyless: {} } : { keyless: bearer(accessToken) };
}

/**
 * Where models are asked for. A key alone is enough for models of Google; a token needs a project, which credentials
 * can say.
 */
function placeOf(options: VertexOptions, isIdentified: boolean): () => Place {
  const { name, location } = options;
  const project = options.project ?? (process.env['GOOGLE_CLOUD_PROJECT'] || undefined);
  if (project !== undefined) return () => ({ project, location });
  if (isIdentified) return () => ({ project: UNKNOWN_PROJECT, location });
  if (options.accessToken === undefined) return () => ({ project: undefined, location });
  return () => {
    throw missingProject(name);
  };
}
