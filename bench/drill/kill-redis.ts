import { setTimeout as pause } from 'node:timers/promises';

import type { PlannedBudget } from './budget-plan.ts';
import type { QuotaSite } from './quota-site.ts';
import { SpenderProcess, inUnitOf, settledStates, untilExhausted, watch } from './spending.ts';
import type { Ending } from './spenders.ts';
import { type Check, atMost, tally } from './verdict.ts';

/** What the server knows that takes the dead one's place: nothing, or what it knew some seconds before. */
export const REDIS_ENDS = ['empty', 'copy'] as const;
type RedisEnd = (typeof REDIS_ENDS)[number];

/** Has a limit and no budget. */
export const LIMITED_PROJECT = 'limited';

export interface RedisPart {
  readonly end: RedisEnd;
  /** Whose models the limited project asks for. */
  readonly prefix: string;
  /** Its limit. */
  readonly perSecond: number;
  readonly burst: number;
  /** That the rest of the budgets is spent for, at most. */
  readonly mostSeconds: number;
}

const CLIENTS = 100;
const THINK_MS = 300;
const UNTIL_COPY_MS = 3000;
const COPY_AGE_MS = 2000;
const AWAY_MS = 4000;
/** Between the death of the server and what the drill notes as its time. */
const CLOCK_MS = 100;
const BACK_MS = 5000;
const SETTLE_MS = 15_000;
const UNAVAILABLE = '503 counters_unavailable';

/**
 * Redis dies under load. Everybody asks for whole answers of targets that are well and stays for them, so that every
 * usage is reported: what the counters end at is then the bill, neither less nor more.
 */
export async function killRedis(site: QuotaSite, budgets: readonly PlannedBudget[], part: RedisPart): Promise<Check[]> {
  const { redis, replicas } = site;
  const watching = watch(site, budgets);
  const spenders = await SpenderProcess.start(site.launch, `spenders-redis-${part.end}`);
  await spenders.spend({
    urls: replicas.map(({ url }) => url),
    groups: await groupsOf(site, budgets, part),
    seed: 1,
    thinkMs: THINK_MS,
  });
  await pause(UNTIL_COPY_MS);
  redis.copy();
  await pause(COPY_AGE_MS);
  await redis.kill9();
  const killedAt = Date.now();
  await pause(AWAY_MS);
  const restartedAt = Date.now();
  await redis.restart(part.end);
  await untilExhausted(spenders, budgets, part.mostSeconds);
  const endings = await spenders.halt();
  await spenders.stop();
  const [first] = replicas;
  const subjects = new Set(budgets.map(({ subject }) => subject));
  const settled = first && (await settledStates(site, first, subjects, SETTLE_MS));
  const watched = await watching.stop();
  const bills = await site.bills();
  const away = { from: killedAt + CLOCK_MS, to: restartedAt };
  const title = part.end === 'empty' ? 'Redis back empty' : `Redis back as it was ${COPY_AGE_MS / 1000} s before`;
  return [
    ...limitChecks(title, endings, part, away),
    ...budgets.flatMap((budget) => {
      const name = `${title}, ${budget.kind}`;
      const own = endings.filter(({ prefix }) => prefix === budget.name);
      const state = settled?.states.find(({ subject }) => subject === budget.subject);
      const used = state?.used ?? Number.NaN;
      const billed = inUnitOf(budget, bills.of(budget.name));
      return [
        ...awayChecks(name, own, away),
        atMost(
          `${name}: billed over the budget at any sample`,
          (watched.get(budget.name)?.most ?? Number.NaN) - budget.limit,
          0,
        ),
        atMost(`${name}: billed at the end and not counted`, billed - used, 0),
        atMost(`${name}: counted at the end and not billed`, used - billed, 0),
        atMost(`${name}: reserved at the end`, state?.reserved ?? Number.NaN, 0),
      ];
    }),
  ];
}

interface Away {
  readonly from: number;
  readonly to: number;
}

function duringOf(endings: readonly Ending[], { from, to }: Away): Ending[] {
  return endings.filter((ending) => ending.from >= from && ending.to <= to);
}

/** While it is away a hard budget lets nobody in, and says why; soon after it is back it does. */
function awayChecks(name: string, own: readonly Ending[], away: Away): Check[] {
  const during = duringOf(own, away);
  const begunAway = own.filter(({ from }) => from >= away.from && from < away.to);
  const back = own.find(({ from, word }) => from >= away.to && word === '200');
  return [
    atMost(
      `${name}: served, of those that came while it was away`,
      begunAway.filter(({ word, to }) => word === '200' && to < away.to).length,
      0,
    ),
    {
      what: `${name}: endings while it was away`,
      target: `only ${UNAVAILABLE}`,
      seen: tally(during.map(({ word }) => word)),
      met: during.length > 0 && during.every(({ word }) => word === UNAVAILABLE),
    },
    atMost(`${name}: first answer after it was back`, back ? back.to - away.to : Number.NaN, BACK_MS, ' ms'),
  ];
}

/** A limit goes on meanwhile, each replica with its share. */
function limitChecks(
  title: string,
  endings: readonly Ending[],
  { prefix, perSecond, burst }: RedisPart,
  away: Away,
): Check[] {
  const own = duringOf(
    endings.filter((ending) => ending.prefix === prefix),
    away,
  );
  const served = own.filter(({ word }) => word === '200').length;
  const seconds = (away.to - away.from) / 1000;
  return [
    {
      what: `${title}: endings under a limit while it was away`,
      target: '200 and 429, both',
      seen: tally(own.map(({ word }) => word)),
      met:
        served > 0 &&
        own.some(({ word }) => word.startsWith('429')) &&
        own.every(({ word }) => /^(200|429)/.test(word)),
    },
    atMost(
      `${title}: admitted by the limit in ${seconds.toFixed(1)} s while it was away`,
      served,
      Math.ceil(perSecond * seconds + burst),
    ),
  ];
}

async function groupsOf(site: QuotaSite, budgets: readonly PlannedBudget[], { prefix }: RedisPart) {
  const limited = {
    prefix,
    key: await site.admin.createKey(site.replicas, LIMITED_PROJECT),
    clients: CLIENTS,
    mix: 'plain' as const,
  };
  const groups = [limited];
  for (const { name, project } of budgets) {
    groups.push({ ...limited, prefix: name, key: await site.admin.createKey(site.replicas, project) });
  }
  return groups;
}
