import type { Call, Dialect } from '../../core/call.ts';
import { GatewayError } from '../../core/errors.ts';
import type { UpstreamRequest } from '../transport/transport.ts';
import type { Provider, RequestPlan, Wire } from './provider.ts';
import { type Endpoint, withForwarded } from './relay-request.ts';

/** How a provider is asked for what it keeps. */
export interface ResourceRules {
  /** Whose clients' paths it has. */
  readonly dialects: readonly Dialect[];
  /** Between its base path and the resource's own. */
  readonly prefix: string;
  /** Client headers that go along. */
  readonly forwarded: readonly string[];
  /** Headers that it wants where the client sent none. */
  readonly usual?: Readonly<Record<string, string>>;
  endpoint(call: Call): Endpoint;
}

const NOTHING_READ = { responseModel: undefined, usage: undefined, finishReason: undefined, error: undefined } as const;

/** What of a client's query a provider is told; the rest may be meant for somebody else. */
const QUERIES: ReadonlySet<string> = new Set([
  'after',
  'after_id',
  'before',
  'beta',
  'include',
  'include[]',
  'include_obfuscation',
  'limit',
  'order',
  'starting_after',
  'stream',
]);

/** The provider, and what it keeps for its clients. */
export function withResources(provider: Provider, rules: ResourceRules): Provider {
  const kept = new Map<Dialect, Wire>();
  return {
    ...provider,
    wire(dialect, operation, model) {
      if (operation !== 'resource') return provider.wire(dialect, operation, model);
      if (!rules.dialects.includes(dialect)) return undefined;
      const wire = kept.get(dialect) ?? keptWire(provider, dialect);
      kept.set(dialect, wire);
      return wire;
    },
    plan: (call, model, capabilities, hints) =>
      call.resource ? resourcePlan(call, rules) : provider.plan(call, model, capabilities, hints),
  };
}

/** Whatever is kept is answered as it comes; only refusals are read. */
function keptWire(provider: Provider, dialect: Dialect): Wire {
  const wire = provider.wire(dialect, 'chat');
  if (!wire) throw new GatewayError('internal', { cause: new Error('a provider that keeps things has chat') });
  return { ...wire, readWhole: () => NOTHING_READ };
}

function resourcePlan(call: Call, rules: ResourceRules): RequestPlan {
  const { resource, form } = call;
  const { origin, basePath, headers: own, timeouts } = rules.endpoint(call);
  const headers = { ...rules.usual, ...withForwarded(call, rules.forwarded, own) };
  const path = `${basePath}${rules.prefix}${resource?.path ?? ''}${queryOf(call)}`;
  const request: UpstreamRequest = {
    method: resource?.method ?? 'GET',
    origin,
    path,
    headers,
    body: undefined,
    timeouts,
  };
  if (form) {
    const { contentType, bytes } = form.encode({});
    return planOf({ ...request, headers: { ...headers, 'content-type': contentType }, bodyStream: bytes });
  }
  return call.body.raw.length > 0
    ? planOf({ ...request, body: call.body.bytesWith([]) })
    : planOf(withoutType(request));
}

function planOf(request: UpstreamRequest): RequestPlan {
  return { request, patches: [], hideUsageFrame: false };
}

function withoutType(request: UpstreamRequest): UpstreamRequest {
  const { 'content-type': _type, ...headers } = request.headers;
  return { ...request, headers };
}

function queryOf({ query }: Call): string {
  if (query === '') return '';
  const passed = [...new URLSearchParams(query)].filter(([name]) => QUERIES.has(name));
  return passed.length === 0 ? '' : `?${new URLSearchParams(passed).toString()}`;
}
