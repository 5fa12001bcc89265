import assert from 'node:assert/strict';

import type { Call } from '../../src/core/call.ts';
import type { CachePolicy, SemanticPolicy } from '../../src/core/caching.ts';
import type { Reply } from '../../src/core/reply.ts';
import { ModelCatalog } from '../../src/models/catalog.ts';
import { PriceBook } from '../../src/models/pricing/price-book.ts';
import type { StoredAnswer } from '../../src/pipeline/cache/answer/stored-answer.ts';
import type { SemanticVerdict } from '../../src/pipeline/cache/deps.ts';
import { keyOf } from '../../src/pipeline/cache/key/key.ts';
import { unitLength } from '../../src/models/vectors/embed/encoder.ts';
import type { Found, MadeVector, Question, VectorDesk } from '../../src/models/vectors/embed/messages.ts';
import { ExactIndex } from '../../src/models/vectors/index/exact-index.ts';
import { Partitions } from '../../src/models/vectors/index/partitions.ts';
import { VerifiedSemanticCache } from '../../src/pipeline/cache/semantic/semantic-cache.ts';
import { FakeClock } from './fake-clock.ts';
import { fakeProvider } from './fake-provider.ts';
import { makeCall } from './make-call.ts';

/** How an answer ended. */
export const DONE = { kind: 'completed', finishReason: undefined, usage: undefined } as const;

/** Nothing more is needed to serve than some labels that are right. */
const EASY: SemanticPolicy = {
  ttl: 60_000,
  maxErrorRate: 0.5,
  confidence: 0.5,
  maxEntries: 100,
  embedder: 'built-in',
  judge: undefined,
};
export const EMBEDDER = { provider: 'openai', model: 'text-embedding-3-small' };
export const JUDGE = { provider: 'openai', model: 'gpt-5-mini' };

const CATALOG = new ModelCatalog({
  providers: [fakeProvider('openai').provider],
  virtualModels: [],
  prices: new PriceBook({}),
  passThroughProviders: new Set(),
});

/** Texts that begin with the same word mean nearly the same. */
export function vectorOf(text: string): Float32Array {
  const vector = new Float32Array(64);
  const [first = ''] = text.split(' ');
  scatter(vector, first, 1);
  scatter(vector, text, 0.15);
  return unitLength(vector);
}

function scatter(vector: Float32Array, text: string, weight: number): void {
  let state = 17;
  for (const character of text) state = (Math.imul(state, 31) + (character.codePointAt(0) ?? 0)) >>> 0;
  for (let at = 0; at < vector.length; at += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    vector[at] = (vector[at] ?? 0) + (state / 2 ** 32 - 0.5) * weight;
  }
}

/** As the thread does it, here. */
class PlainDesk implements VectorDesk {
  readonly #partitions = new Partitions((size) => new ExactIndex(size));
  isSilent = false;
  asked = 0;

  get size(): number {
    return this.#partitions.size;
  }

  ask({ text, made, partition, most = 1 }: Question): Promise<Found | undefined> {
    if (this.isSilent) return new Promise(() => {});
    this.asked += 1;
    const { space, vector } = made ?? { space: 'plain', vector: vectorOf(text ?? '') };
    const near = partition === undefined ? [] : this.#partitions.nearest(`${partition} ${space}`, vector, most);
    return Promise.resolve({ space, vector, near });
  }

  add(partition: string, entry: string, { space, vector }: MadeVector): void {
    this.#partitions.add(`${partition} ${space}`, entry, vector);
  }

  remove(entries: readonly string[]): void {
    for (const entry of entries) this.#partitions.remove(entry);
  }
}

export interface Asked {
  readonly project?: string;
  readonly user?: string;
  readonly system?: string;
  readonly arm?: string;
}

export function callOf(
  text: string,
  { project = 'p1', user, system = 'Be brief.', arm }: Asked = {},
  more: object = {},
): Call {
  const cache: CachePolicy = {
    scope: 'project',
    exact: undefined,
    coalesce: false,
    semantic: EASY,
    tokensPerSecond: undefined,
  };
  return makeCall({
    json: {
      model: 'chat',
      messages: [
        { role: 'system', content: system },
        { role: 'user', content: text },
      ],
      ...more,
    },
    facts: { user },
    principal: { keyId: `key_${project}`, project, user: undefined, models: undefined },
    assignment: {
      virtualModel: 'chat',
      targets: [JUDGE],
      passThroughCredentials: false,
      timeouts: undefined,
      version: 'v1',
      ...(arm !== undefined && { arm }),
      cache,
    },
  });
}

/** A cache with its doors, and a world in which a model answers by the first word. */
export class SemanticWorld {
  readonly clock = new FakeClock();
  readonly desk = new PlainDesk();
  readonly own: Call[] = [];
  readonly cache: VerifiedSemanticCache;
  policy: SemanticPolicy;
  answers: (text: string) => string = (text) => text.split(' ')[0] ?? '';
  ownAnswer: (own: Call) => Reply = () => {
    throw new Error('nobody is asked');
  };

  constructor(policy: Partial<SemanticPolicy> = {}) {
    this.policy = { ...EASY, ...policy };
    this.cache = new VerifiedSemanticCache(
      {
        catalog: () => CATALOG,
        clock: this.clock,
        scheduler: this.clock,
        random: () => 0.5,
        maxBytes: 1_000_000,
        ask: (call) => {
          this.own.push(call);
          return Promise.resolve().then(() => this.ownAnswer(call));
        },
      },
      this.desk,
    );
  }

  async look(call: Call): Promise<SemanticVerdict> {
    const key = keyOf(call, call.assignment?.cache as CachePolicy);
    assert.ok('id' in key);
    return this.cache.look(call, key, this.policy);
  }

  /** What a client gets, and whether the model was asked for it. */
  async request(text: string, asked: Asked = {}, more: object = {}): Promise<string> {
    const call = callOf(text, asked, more);
    const verdict = await this.look(call);
    if (verdict.kind === 'serve') return `served ${saidBy(verdict.answer)}`;
    verdict.learn?.(this.stored(call, this.answers(text)));
    await settled();
    return 'asked';
  }

  stored({ facts, principal }: Call, text: string): StoredAnswer {
    return {
      key: 'k',
      partition: 'p',
      labels: {
        project: principal?.project ?? '',
        user: facts.user,
        keyId: principal?.keyId ?? '',
        model: 'chat',
        promptVersion: undefined,
        tags: [],
      },
      storedAt: this.clock.now(),
      expiresAt: this.clock.now() + 1,
      target: 'openai/gpt-5-mini',
      responseModel: undefined,
      simulated: false,
      finishReason: 'stop',
      usage: undefined,
      costNanoUsd: 1000,
      content: {
        kind: 'events',
        rewritten: false,
        events: [
          { type: 'text-delta', choice: 0, index: 0, text },
          { type: 'finish', choice: 0, reason: 'stop' },
        ],
      },
    };
  }
}

export function saidBy({ content }: StoredAnswer): string {
  assert.ok(content.kind === 'events');
  return content.events.map((event) => (event.type === 'text-delta' ? event.text : '')).join('');
}

/** What goes on beside a request is done. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 30; turn += 1) await Promise.resolve();
}

export async function taught(world: SemanticWorld, asked: Asked = {}): Promise<SemanticWorld> {
  for (const words of ['please', 'money', 'wanted', 'help', 'kindly', 'question'])
    await world.request(`refund ${words}`, asked);
  return world;
}

/** What an embedder answers. */
export function vectorsFor(own: Call): Reply {
  const answer = {
    vectors: own.embedding.inputs.map((text) => [...vectorOf(String(text))]),
    usage: undefined,
    model: 'e',
  };
  return { kind: 'vectors', status: 200, headers: {}, answer, terminal: DONE };
}
