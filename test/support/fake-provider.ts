import { createAnthropicProvider } from '../../src/models/providers/anthropic/adapter.ts';
import { createOpenAiCompatibleProvider } from '../../src/models/providers/openai-compatible/adapter.ts';
import { createOpenAiProvider } from '../../src/models/providers/openai/adapter.ts';
import type { KeySetting } from '../../src/models/providers/provider-keys.ts';
import type { Provider } from '../../src/models/providers/provider.ts';
import { FakeTransport } from './fake-transport.ts';

const CREATE = {
  openai: createOpenAiProvider,
  anthropic: createAnthropicProvider,
  'openai-compatible': createOpenAiCompatibleProvider,
} as const;

export interface FakeProviderOptions {
  readonly name?: string;
  readonly models?: readonly string[];
  readonly apiKeys?: readonly KeySetting[];
  readonly simulated?: boolean;
  /** What this one does otherwise than its type. */
  readonly own?: Partial<Provider>;
}

/** A real provider whose bytes go nowhere: the test answers through its transport. */
export function fakeProvider(
  type: keyof typeof CREATE,
  { name = type, models = [], apiKeys = ['key-1'], simulated = false, own = {} }: FakeProviderOptions = {},
): { readonly provider: Provider; readonly transport: FakeTransport } {
  const transport = new FakeTransport();
  const options = { name, baseUrl: `http://${name}.test/v1`, apiKeys, headers: {}, models };
  return { provider: { ...CREATE[type](options, transport), simulated, ...own }, transport };
}
