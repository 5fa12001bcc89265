import type { BodyPatch } from '../../../core/body-patch.ts';
import type { Call, Operation } from '../../../core/call.ts';
import { isJsonObject } from '../../../core/json.ts';
import { type Endpoint, modelPatch, withForwarded } from '../relay-request.ts';
import type { RequestPlan } from '../provider.ts';

const PATHS: Readonly<Record<Operation, string>> = {
  chat: '/chat/completions',
  embeddings: '/embeddings',
};

/** Client headers that mean something to an OpenAI-shaped server. */
const FORWARDED = ['openai-beta', 'idempotency-key', 'traceparent', 'tracestate'] as const;

export interface OpenAiRequestOptions {
  /** The server knows `stream_options`, so usage can be asked for. */
  readonly usageFrame: boolean;
}

/** The client's body relayed to an OpenAI-shaped server, with the patches that make it ours. */
export function toRequest(call: Call, model: string, endpoint: Endpoint, options: OpenAiRequestOptions): RequestPlan {
  const patches: BodyPatch[] = [...modelPatch(call, model)];
  const asksUsage = options.usageFrame && call.operation === 'chat' && call.facts.stream && !hasUsageOption(call);
  if (asksUsage) patches.push(usagePatch(call));
  return {
    request: {
      method: 'POST',
      origin: endpoint.origin,
      path: `${endpoint.basePath}${PATHS[call.operation]}`,
      headers: withForwarded(call, FORWARDED, endpoint.headers),
      body: call.body.bytesWith(patches),
      timeouts: endpoint.timeouts,
    },
    patches,
    hideUsageFrame: asksUsage,
  };
}

function hasUsageOption(call: Call): boolean {
  const options = call.body.json['stream_options'];
  return isJsonObject(options) && options['include_usage'] === true;
}

/** Beside the client's other stream options where there are any. */
function usagePatch(call: Call): BodyPatch {
  return isJsonObject(call.body.json['stream_options'])
    ? { op: 'set', path: '/stream_options/include_usage', value: true }
    : { op: 'set', path: '/stream_options', value: { include_usage: true } };
}
