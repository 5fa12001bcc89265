import { type StageTiming, composeTimed } from '../core/stage-times.ts';
import type { Handler, Stage } from '../core/stage.ts';
import { authenticateStage } from './access/stage.ts';
import { type AssignDeps, assignStage } from './assignment/stage.ts';
import type { CacheDeps } from './cache/deps.ts';
import { cacheStage } from './cache/stage.ts';
import { type ScreenDeps, screenStage } from './guards/stage.ts';
import { type StructuredDeps, structuredStage } from './guards/structured/stage.ts';
import type { OwnershipDeps } from './ownership/ownership.ts';
import { ownStage } from './ownership/stage.ts';
import { type PromptCacheDeps, promptCacheStage } from './prompt-cache/stage.ts';
import { type PromptDeps, promptStage } from './prompts/stage.ts';
import { type QuotaDeps, quotaStage } from './quotas/stage.ts';
import type { Recorder } from './recording/stage.ts';
import type { RouteDeps } from './resilience/route/route-deps.ts';
import { attemptStage } from './resilience/stage.ts';
import type { CascadeDeps } from './routing/cascade/deps.ts';
import { cascadeStage } from './routing/cascade/stage.ts';
import { ruleStage } from './routing/rules/stage.ts';
import { type RouteStageDeps, routeStage } from './routing/stage.ts';
import { type ShieldDeps, shieldStage } from './shield/stage.ts';
import type { StoredResponsesDeps } from './stored-responses/deps.ts';
import { storedResponsesStage } from './stored-responses/stage.ts';
import { tokenCountStage } from './token-count/stage.ts';
import { type BlockDeps, blockStage } from './vigilance/stage.ts';

export interface PipelineDeps {
  readonly recorder: Recorder;
  readonly shield: ShieldDeps;
  readonly access: Parameters<typeof authenticateStage>[0];
  readonly block: BlockDeps;
  readonly assign: AssignDeps;
  readonly prompts: PromptDeps;
  readonly responses: StoredResponsesDeps;
  readonly quotas: QuotaDeps;
  readonly own: OwnershipDeps;
  readonly screen: ScreenDeps;
  readonly cache: CacheDeps;
  readonly structured: StructuredDeps;
  readonly promptCache: PromptCacheDeps;
  readonly route: RouteStageDeps;
  readonly cascade: CascadeDeps;
  readonly attempt: RouteDeps;
  readonly timing: StageTiming;
}

/** The corridor, and the way of those who have been let in already. */
export interface Pipeline {
  readonly all: Handler;
  /** For a request that somebody approved: who asks is known. */
  readonly admitted: Handler;
}

/** The corridor that every model request walks, outermost first. The table of contents of the product. */
export function buildPipeline(deps: PipelineDeps): Pipeline {
  const { recorder, shield, access, block, assign, prompts, responses, quotas, own, screen, cache } = deps;
  const { structured, promptCache, route, cascade, attempt, timing } = deps;
  const entrance = [
    shieldStage(shield), // before any work: too many requests of one address, and of the lowest priority while the process is overloaded
    authenticateStage(access), // who is calling: key → project, user, allowed models
  ];
  const inside = [
    blockStage(block), // keys, users and projects that are shut out for a while
    assignStage(assign), // what the model name means: virtual model or provider/model, with what is tried of it: flags, an experiment, a canary
    promptStage(prompts), // the model's own prompt and parameters: whatever comes after sees them
    storedResponsesStage(responses), // the conversation that a response continues, where its provider does not keep it
    quotaStage(quotas), // what the caller may use: limits and budgets, all in one step, settled when the call has ended
    ruleStage, // requests that go to some targets and nowhere else: whoever comes after sees those alone, and shows them to nobody else
    ownStage(own), // whose the files, batches and stored responses are that it names; their provider is the target
    screenStage(screen), // guards: what is asked before it goes on, what is answered before it goes out; nothing private is cached behind them
    cacheStage(cache), // an answer that is there already ends here; its limits have counted it, and its budget is given back
    structuredStage(structured), // answers to requests with a JSON schema are held against it; what is kept in the cache is repaired
    tokenCountStage(attempt), // counts tokens here where the target cannot; it costs nothing, so nothing is reserved
    promptCacheStage(promptCache), // what is done so that the provider's own prompt cache finds a long prompt again
    routeStage(route), // which target is asked first: by weight, latency, cost, load, need, or how demanding it is
    cascadeStage(cascade), // a cheap answer first, and that of a better model where a check finds it not sure enough
    attemptStage(attempt), // innermost: along the targets until one answers: breaker, queue, key, attempt; retry, fallback, hedge
  ];
  const { stage } = recorder; // outermost: refusals, aborts and crashes are recorded too
  const joined = (...stages: Stage[]): Handler => composeTimed([stage, ...stages], timing);
  return { all: joined(...entrance, ...inside), admitted: joined(...inside) };
}
