import { createHmac, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';

import type { OwnCalls } from './app-own-calls.ts';
import type { Environment } from './config/config.ts';
import type { Call } from './core/call.ts';
import type { Clock } from './core/clock.ts';
import type { JsonObject } from './core/json.ts';
import { systemScheduler } from './core/scheduler.ts';
import { HOUR_MS } from './core/units.ts';
import { estimateCall } from './edge/estimate-call.ts';
import type { LiveCatalog } from './live-catalog.ts';
import { HttpTransport } from './models/transport/http-transport.ts';
import type { OpenedParts } from './opened-parts.ts';
import { unsealedReviews } from './pipeline/guards/checks/needs-review.ts';
import { buildPolicy, policyVersion } from './pipeline/guards/engine/build-policy.ts';
import type { GuardPolicy } from './pipeline/guards/engine/guard-policy.ts';
import type { Judge } from './pipeline/guards/engine/judge.ts';
import { PolicyBook } from './pipeline/guards/engine/policy-book.ts';
import { groundAnswer } from './pipeline/guards/grounding/ground-answer.ts';
import type { InputDeps } from './pipeline/guards/input/deps.ts';
import { cascadeJudge } from './pipeline/guards/moderation/cascade.ts';
import type { JudgeSettings } from './pipeline/guards/moderation/settings.ts';
import { readWordLists } from './pipeline/guards/moderation/word-lists.ts';
import type { GroundAnswer, OutputDeps } from './pipeline/guards/output/deps.ts';
import { type JudgeDeps, openJudge } from './pipeline/guards/remote/judges.ts';
import { JudgementMemory } from './pipeline/guards/remote/memory.ts';
import { parkAnswers } from './pipeline/guards/review/park-answer.ts';
import { buildScanners } from './pipeline/guards/scan/build-scanners.ts';
import { ScanDesk, scannersOf } from './pipeline/guards/scan/desk.ts';
import type { WordLists } from './pipeline/guards/scan/scanning.ts';
import type { ScreenDeps } from './pipeline/guards/stage.ts';
import type { StructuredDeps } from './pipeline/guards/structured/stage.ts';
import { tryRoutes } from './pipeline/guards/try/routes.ts';
import type { Events } from './records/events/event.ts';
import type { CallRecord } from './records/journal/record.ts';

interface Parts {
  readonly env: Environment;
  readonly dataDir: string;
  readonly live: LiveCatalog;
  readonly clock: Clock;
  readonly log: Logger;
  readonly events: Pick<Events, 'raise'>;
  readonly ownCalls: OwnCalls;
  readonly reviews: ScreenDeps['reviews'];
}

export interface Guards {
  readonly stage: ScreenDeps;
  readonly structured: StructuredDeps;
  readonly routes: ReturnType<typeof tryRoutes>;
  /** Tells of guards that cannot do their work. */
  observe(record: CallRecord, call: Call): void;
}

/** How long an answer waits for a judge of its sources. */
const GROUNDING_MS = 10_000;
const NO_REVIEWS =
  'policies of guards want approval for what they find, and without CAUSEWAY_MASTER_KEY nothing can wait for it: such requests are refused';
const NO_WORDS: WordLists = new Map();

/**
 * Policies as the configuration has them, and what guards work with.
 * @throws RangeError where a list of words cannot be read
 */
export function openGuards(parts: Parts, opened: OpenedParts): Guards {
  const { env, dataDir, live, clock, log, ownCalls, reviews } = parts;
  const desk = opened.keep(
    new ScanDesk({
      scheduler: systemScheduler,
      said: (level, text) => log[level](text),
    }),
    (one) => one.close(),
  );
  const policies = followPolicies(parts, opened, desk);
  const output: OutputDeps = {
    clock,
    catalog: () => live.current,
    park: parkAnswers(reviews),
    ground: groundingBy(ownCalls, clock),
  };
  const secret = guardSecret(env, dataDir);
  const input: InputDeps = { desk, clock, scheduler: systemScheduler, secret };
  return {
    structured: { clock, catalog: () => live.current, policiesOf: (call) => policies.of(call) ?? [] },
    stage: { policies, input, output, reviews },
    routes: tryRoutes({
      input,
      output,
      policies,
      ...requestsToTry(live, clock),
      isUnsealed: ({ name, settings }) => unsealedReviews(new Map([[name, settings]]), env).length > 0,
    }),
    observe: failingWatch(parts),
  };
}

/** Requests that nobody sends, and what their models mean. */
function requestsToTry(live: LiveCatalog, clock: Clock) {
  const context = { clock, limits: { trustedProxies: 0 } };
  return {
    callOf: (endpoint: string, body: JsonObject) => estimateCall(context, endpoint, body),
    assignmentOf: (model: string) => live.current.assign(model),
    modelsOf: (policy: string) =>
      live.current.virtualModels.filter(({ guards }) => guards === policy).map(({ name }) => name),
  };
}

/** Policies follow the configuration; one that cannot be built leaves those before it in force. */
function followPolicies(parts: Parts, opened: OpenedParts, desk: ScanDesk): PolicyBook {
  const { env, live, clock, log, ownCalls } = parts;
  const book = new PolicyBook();
  const judging = {
    clock,
    scheduler: systemScheduler,
    asking: ownCalls.asking,
    transport: opened.keep(new HttpTransport(), (transport) => transport.close()),
    memory: new JudgementMemory(clock),
  };
  let policies: ReadonlyMap<string, GuardPolicy> = new Map();
  let isFirst = true;
  live.watch(() => {
    try {
      const { guards, guardedProjects, guardServices } = live.config;
      policies = policiesOf(guards, policies, { ...judging, services: guardServices });
      book.replace(policies, guardedProjects);
      desk.forget();
      const names = unsealedReviews(guards, env);
      if (names.length > 0) log.warn({ policies: names }, NO_REVIEWS);
    } catch (err) {
      if (isFirst) throw err;
      log.error({ err }, 'the policies of guards cannot be used; those before stay in force');
    }
    isFirst = false;
  });
  return book;
}

type PolicySettings = LiveCatalog['config']['guards'];

/** @param before what is in force: scanners that would be the same are used again, since long lists take time */
function policiesOf(settings: PolicySettings, before: ReadonlyMap<string, GuardPolicy>, judging: JudgeDeps) {
  const policies = new Map<string, GuardPolicy>();
  for (const [name, one] of settings) {
    const lists = one.keywords ? readWordLists(one.keywords) : NO_WORDS;
    const known = before.get(name);
    const isKnown = known?.version === policyVersion(name, one, lists);
    const policy = buildPolicy(name, one, {
      scanners: isKnown ? scannersOf(known) : buildScanners(one, lists),
      words: lists,
      judgeOf: (judge) => judgeOf(judge, judging),
    });
    policies.set(name, policy);
  }
  return policies;
}

/** One judge, or two of which the second is asked where the first is not sure. */
function judgeOf(settings: JudgeSettings, deps: JudgeDeps): Judge {
  const { cascade, categories, threshold } = settings;
  const first = openJudge({ ...settings, sure: cascade?.block ?? threshold }, deps);
  if (!cascade) return first;
  const strong = openJudge({ ...cascade.strong, categories, sure: threshold }, deps);
  return cascadeJudge(first, strong, cascade, deps.clock);
}

function groundingBy({ asking }: OwnCalls, clock: Clock): GroundAnswer {
  return async ({ settings, sources, answer, call }) => {
    const grounded = await groundAnswer(settings, sources, answer, { asking, clock, call, allowedMs: GROUNDING_MS });
    return { ...grounded, unsupported: grounded.unsupported.length };
  };
}

/**
 * What marks, delimiters and canary words are made with. Replicas share it where they share a master key; without one
 * each has its own in its data folder, which a restart keeps.
 */
function guardSecret(env: Environment, dataDir: string): string {
  const master = env['CAUSEWAY_MASTER_KEY'];
  if (master !== undefined && master !== '') return createHmac('sha256', master).update('guards').digest('hex');
  const path = join(dataDir, 'guards.secret');
  try {
    writeFileSync(path, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx' });
  } catch (err) {
    if (!(err instanceof Error && 'code' in err && err.code === 'EEXIST')) throw err;
  }
  const secret = readFileSync(path, 'utf8');
  if (secret.length < 64)
    throw new RangeError(`${path} is not whole. Delete it: another one is made at the next start.`);
  return secret;
}

/** Each guard that fails is told of once an hour. */
function failingWatch({ events, clock }: Parts): Guards['observe'] {
  return ({ verdicts, traceId, virtualModel }, { screening }) => {
    if (!verdicts || !screening) return;
    for (const { guard, outcome, went, detail } of verdicts) {
      if (outcome !== 'failed') continue;
      const policies = screening.policies.join('+');
      const hour = Math.floor(clock.now() / HOUR_MS);
      const reason = detail?.['reason'];
      const about = { policies: [...screening.policies], ...(virtualModel !== undefined && { model: virtualModel }) };
      events.raise({
        kind: 'guard_failing',
        severity: went === 'no-further' ? 'critical' : 'warning',
        subject: `guard:${policies}/${guard}`,
        dedupe: `guard_failing|${policies}|${guard}|${hour}`,
        evidence: { trace: traceId, went: went ?? 'on', ...about, ...(typeof reason === 'string' && { reason }) },
      });
    }
  };
}
