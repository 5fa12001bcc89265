import { hash } from 'node:crypto';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { writeFileSync } from 'node:fs';

import type { ReplayView, SideView } from '../../src/work/replay/report-view.ts';
import { type Gateway, startGateway } from './gateway.ts';

/** A request of a made-up day of mixed traffic. */
export interface DayRequest {
  readonly user: string;
  readonly tier: 'free' | 'vip';
  readonly conversation: string;
  readonly body: object;
  /** What the simulator says to it, in tokens: the same for the same text. */
  readonly outputTokens: number;
}

/** From 0 to below 1, the same for the same text. */
function drawnOf(text: string): number {
  return Number.parseInt(hash('sha256', text).slice(0, 12), 16) / 16 ** 12;
}

const WORDS = 'how can i change the address of my last order and what does that cost if it was sent today'.split(' ');

/** One of those that are asked again and again, or one that nobody asked before; of very different lengths. */
function textOf(at: number): string {
  const isUsual = drawnOf(`usual ${at}`) < 0.4;
  const which = isUsual ? `q${Math.floor(300 * drawnOf(`which ${at}`) ** 2)}` : `n${at}`;
  const words = 5 + Math.floor(200 * drawnOf(`long ${which}`) ** 3);
  const said = Array.from(
    { length: words },
    (_, index) => WORDS[Math.floor(drawnOf(`${which} ${index % 40}`) * WORDS.length)],
  );
  return `${which} ${said.join(' ')}`;
}

/** About one in ten requests is of a user who asks too much. */
const HEAVY = 'heavy';

/** The same each time: questions of many users, some asked again, streamed or not, with limits and labels. */
export function dayOf(requests: number): DayRequest[] {
  const users = Math.max(20, Math.round(requests / 25));
  return Array.from({ length: requests }, (_, at) => {
    const user = drawnOf(`heavy ${at}`) < 0.1 ? HEAVY : `user-${Math.floor(users * drawnOf(`user ${at}`))}`;
    const text = textOf(at);
    const long = drawnOf(`answer ${text}`);
    const limit = drawnOf(`limit ${text}`) < 0.2 ? { max_tokens: 100 } : {};
    return {
      user,
      tier: drawnOf(`tier ${user}`) < 0.15 ? 'vip' : 'free',
      conversation: `${user}-${Math.floor(at / 50)}`,
      body: { model: 'chat', messages: [{ role: 'user', content: text }], stream: at % 3 === 0, ...limit },
      outputTokens: Math.round(30 + 200 * long ** 2),
    };
  });
}

const LAB = 'providers: { lab: { type: simulator, ttft: 0ms, tokensPerSecond: 0 } }\n';

/** Both targets answer, half of the users each. */
export const DAY_BEFORE = `${LAB}models:
  chat: { route: { by: weight, sticky: user, targets: [{ target: lab/small }, { target: lab/large }] } }
`;

/** Other weights, a rule, a limit, and the exact cache. */
export const DAY_AFTER = (requests: number): string => `${LAB}models:
  chat:
    cache: { exact: { ttl: 1d } }
    route:
      by: weight
      sticky: user
      targets: [{ target: lab/small, weight: 3 }, { target: lab/large }]
      rules: [{ name: vip, when: { metadata: { tier: [vip] } }, targets: [lab/large] }]
limits:
  - { per: user, requests: ${Math.round(requests / 20)}/1d, burst: 1 }
`;

/** A gateway on a folder of its own, and the question for all that it recorded. */
export interface RanDay {
  readonly gateway: Gateway;
  readonly env: Readonly<Record<string, string>>;
  readonly question: { readonly since: Date; readonly until: Date };
}

/** Sends the day to a gateway, some at a time, and waits until all of it is recorded. */
export async function runDay(config: string, day: readonly DayRequest[], dataDir: string): Promise<RanDay> {
  const since = new Date(Date.now() - 1000);
  const env = { CAUSEWAY_DATA_DIR: dataDir };
  const gateway = await startGateway({ config, env });
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let one = day[next++]; one; one = day[next++]) await send(gateway, agent, one);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  agent.destroy();
  await allRecorded(gateway, day.length);
  return { gateway, env, question: { since, until: new Date(Date.now() + 1000) } };
}

const AT_ONCE = 8;

function send({ url, apiKey }: Gateway, agent: Agent, one: DayRequest): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const headers = {
    authorization: `Bearer ${apiKey}`,
    'content-type': 'application/json',
    'x-causeway-user': one.user,
    'x-causeway-conversation': one.conversation,
    'x-causeway-metadata': JSON.stringify({ tier: one.tier }),
    'x-causeway-simulate': `output-tokens=${one.outputTokens}`,
  };
  const sent = request(`${url}/v1/chat/completions`, { method: 'POST', agent, headers }, (response) => {
    response.resume().once('end', resolve).once('error', reject);
  });
  sent.once('error', reject).end(JSON.stringify(one.body));
  return promise;
}

/** Records are written behind the requests. */
async function allRecorded({ admin }: Gateway, requests: number): Promise<void> {
  for (;;) {
    const { json } = await admin('/usage?by=model');
    const rows = json['data'] as { requests: number }[];
    if (rows.reduce((sum, row) => sum + row.requests, 0) >= requests) return;
    await delay(50);
  }
}

/** How far a prediction was from what came of it. Shares are points, 0.01 is one of a hundred. */
export interface DayDistance {
  readonly cost: number;
  readonly shares: number;
  readonly hits: number;
  readonly refused: number;
}

function shareAt(side: SideView, target: string): number {
  return side.targets.find((one) => one.target === target)?.share ?? 0;
}

export function distanceOf(predicted: SideView, real: SideView): DayDistance {
  const targets = [...predicted.targets, ...real.targets].map(({ target }) => target);
  return {
    cost: predicted.cost_usd / real.cost_usd - 1,
    shares: Math.max(0, ...targets.map((target) => Math.abs(shareAt(predicted, target) - shareAt(real, target)))),
    hits: predicted.cache_hits.share - real.cache_hits.share,
    refused: (predicted.refused.total - real.refused.total) / real.requests,
  };
}

export type ReplayDay = (env: RanDay['env'], configPath: string, question: RanDay['question']) => Promise<ReplayView>;

/** Records a day under one configuration, predicts the other one, and runs that. */
export async function predictDay(
  day: readonly DayRequest[],
  after: string,
  folder: string,
  replay: ReplayDay,
): Promise<{ readonly predicted: ReplayView; readonly real: ReplayView }> {
  const path = join(folder, 'proposed.yaml');
  writeFileSync(path, after);
  const before = await runDay(DAY_BEFORE, day, join(folder, 'before'));
  let predicted: ReplayView;
  try {
    predicted = await replay(before.env, path, before.question);
  } finally {
    await before.gateway.close();
  }
  const ran = await runDay(after, day, join(folder, 'after'));
  try {
    return { predicted, real: await replay(ran.env, path, ran.question) };
  } finally {
    await ran.gateway.close();
  }
}
