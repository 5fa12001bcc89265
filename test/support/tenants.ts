import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';

import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';

import type { Json, JsonObject } from '../../src/core/json.ts';
import { type Gateway, type GatewayOptions, startGateway } from './gateway.ts';
import { startKeepingAnthropic } from './keeping-anthropic.ts';
import { startKeepingOpenAi } from './keeping-openai.ts';
import type { KeepingUpstream } from './keeping-upstream.ts';

/** A project with its key, and the official clients with that. */
export interface Tenant {
  readonly key: string;
  readonly openai: OpenAI;
  readonly anthropic: Anthropic;
  ask(method: string, path: string, init?: AskInit): Promise<Answer>;
}

export interface AskInit {
  readonly body?: Json;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
}

/** A gateway that several projects share, with stand-ins behind it that keep things. */
export interface TenantsGateway {
  readonly gateway: Gateway;
  /** The providers `gpt`, `spare`, `azure` and `claude`. */
  readonly upstreams: Readonly<Record<'gpt' | 'spare' | 'azure' | 'claude', KeepingUpstream>>;
  tenant(project: string, key?: JsonObject): Promise<Tenant>;
  /** How many requests reached any provider. */
  reached(): number;
  /** Does the work, during which nothing may reach a provider. */
  unreached<T>(work: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export const MODELS = { openai: 'gpt-5-mini', anthropic: 'claude-sonnet-4-6' } as const;

export async function startTenantsGateway({ config = '', env }: GatewayOptions = {}): Promise<TenantsGateway> {
  const [gpt, spare, azure, claude] = await Promise.all([
    startKeepingOpenAi(),
    startKeepingOpenAi(),
    startKeepingOpenAi(),
    startKeepingAnthropic(),
  ]);
  const upstreams = { gpt, spare, azure, claude };
  const providers = [
    'providers:',
    `  gpt: { type: openai, apiKey: upstream-key, baseUrl: "${gpt.url}/v1", sharedResources: ["vs_shared*"] }`,
    `  spare: { type: openai, apiKey: upstream-key, baseUrl: "${spare.url}/v1" }`,
    `  azure: { type: azure-openai, apiKey: upstream-key, baseUrl: "${azure.url}", models: [${MODELS.openai}] }`,
    `  claude: { type: anthropic, apiKey: upstream-key, baseUrl: "${claude.url}" }`,
  ];
  const gateway = await startGateway({ config: `${providers.join('\n')}\n${config}`, ...(env && { env }) });
  const all = Object.values(upstreams);
  const reached = (): number => all.reduce((sum, { received }) => sum + received.length, 0);
  return {
    gateway,
    upstreams,
    reached,
    async tenant(project, key = {}) {
      return tenantWith(gateway.url, await gateway.makeKey({ project, ...key }));
    },
    async unreached(work) {
      const before = reached();
      const done = await work();
      assert.equal(reached(), before, 'nothing reaches a provider');
      return done;
    },
    async close() {
      await gateway.close();
      await Promise.all(all.map((upstream) => upstream.close()));
    },
  };
}

function tenantWith(url: string, key: string): Tenant {
  return {
    key,
    openai: new OpenAI({ apiKey: key, baseURL: `${url}/v1`, maxRetries: 0 }),
    anthropic: new Anthropic({ apiKey: key, baseURL: url, maxRetries: 0 }),
    async ask(method, path, { body, headers = {} } = {}) {
      const type = body === undefined ? {} : { 'content-type': 'application/json' };
      const response = await fetch(`${url}${path}`, {
        method,
        headers: { authorization: `Bearer ${key}`, ...type, ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: response.status, text: await response.text(), headers: response.headers };
    },
  };
}

/** An id that looks like this one, and was never given to anybody. */
export function unknownLike(id: string): string {
  return id.replace(/[0-9a-f]{32}$/, () => randomUUID().replaceAll('-', ''));
}

/** An answer without what differs from request to request. */
export function comparable({ status, text }: Answer, ids: readonly string[]): JsonObject {
  const named = ids.reduce((shown, id) => shown.replaceAll(id, '<id>'), text);
  return { status, text: named.replace(/"request_id":"[0-9a-f]{32}"/, '"request_id":"<request>"') };
}

export const VERSION = { 'anthropic-version': '2023-06-01' };
