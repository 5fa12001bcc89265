import type { Assignment, Call, Dialect } from '../../src/core/call.ts';
import type { HttpProviderOptions } from '../../src/models/providers/http-provider.ts';
import type { Provider } from '../../src/models/providers/provider.ts';
import { FakeTransport } from './fake-transport.ts';
import { makeCall } from './make-call.ts';

type Create = (options: HttpProviderOptions, transport: FakeTransport) => Provider;

/** A provider with two keys, on a transport that goes nowhere. */
export function makeProvider(create: Create, options: Partial<HttpProviderOptions> = {}): Provider {
  const defaults = { name: 'p', baseUrl: undefined, apiKeys: ['key-1', 'key-2'], headers: {}, models: [] };
  return create({ ...defaults, ...options }, new FakeTransport());
}

/** A call of a virtual model that lets the client's own credential through. */
export function passing(headers: Record<string, string>, dialect: Dialect = 'openai'): Call {
  const assignment: Assignment = {
    virtualModel: 'chat',
    targets: [],
    passThroughCredentials: true,
    timeouts: { headers: 7 },
  };
  return makeCall({ headers, assignment, dialect });
}

/** What a coding agent sends that signed in at the provider itself. */
export const OAUTH = {
  authorization: 'Bearer sk-ant-oat01-x',
  'x-api-key': 'cw-key',
  'user-agent': 'claude-cli/2.0',
  'x-app': 'cli',
  cookie: 'session=1',
};
