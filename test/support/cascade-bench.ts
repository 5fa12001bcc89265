import type { Call } from '../../src/core/call.ts';
import { type GatewayError, toGatewayError } from '../../src/core/errors.ts';
import type { Reply } from '../../src/core/reply.ts';
import type { CascadePolicy, RoutePlan } from '../../src/core/routing.ts';
import { type Handler, compose } from '../../src/core/stage.ts';
import { attemptStage } from '../../src/pipeline/resilience/stage.ts';
import { ONE_ATTEMPT } from './route-deps.ts';
import { cascadeStage } from '../../src/pipeline/routing/cascade/stage.ts';
import { type CallParts, makeCall } from './make-call.ts';
import { RouteBench } from './route-bench.ts';

const target = (provider: string) => ({ provider, model: 'm' });

/** A request whose answer is streamed. */
export const STREAMED = { json: { model: 'x', stream: true, messages: [{ role: 'user', content: 'Hi' }] } };

/** From `a/m` to `b/m`, but for what the test says. */
export function cascadePolicy(parts: Partial<CascadePolicy> = {}): CascadePolicy {
  return {
    to: target('b'),
    check: 'validator',
    atLeast: 0.8,
    judge: undefined,
    validator: { json: false, matches: undefined, minChars: undefined, without: ['not sure'] },
    streams: 'hold',
    timeoutMs: 1000,
    ...parts,
  };
}

export function cascadePlan(cascade: CascadePolicy): RoutePlan {
  const none = { rules: [], complexity: undefined, reference: undefined };
  return { by: 'order', candidates: [], sticky: 'none', cascade, ...none };
}

export interface CascadeRun {
  readonly call: Call;
  readonly reply: Promise<Reply>;
  error(): Promise<GatewayError>;
  /** `kind target outcome` of each attempt. */
  attempts(): string[];
}

/** A cascade around real attempts, whose providers are the test. */
export class CascadeBench extends RouteBench {
  /** What the gateway asks by itself is sent like anything else. */
  ask: Handler = (own) => attemptStage(this.deps).run(own, () => Promise.reject(new Error('nothing is behind')));

  readonly #stage = cascadeStage({
    clock: this.clock,
    scheduler: this.clock,
    catalog: () => this.deps.catalog(),
    ask: (own) => this.ask(own),
  });

  cascade(policy: Partial<CascadePolicy> = {}, parts: CallParts = {}, rules = ONE_ATTEMPT): CascadeRun {
    const call = makeCall(parts);
    call.assignment = {
      virtualModel: 'chat',
      targets: [target('a')],
      passThroughCredentials: false,
      timeouts: undefined,
      policy: rules,
      route: cascadePlan(cascadePolicy(policy)),
      ...parts.assignment,
    };
    const reply = compose([this.#stage, attemptStage(this.deps)])(call);
    reply.catch(() => {});
    return {
      call,
      reply,
      error: () => reply.then(() => Promise.reject(new Error('there is a reply')), toGatewayError),
      attempts: () =>
        call.attempts.all.map(({ opening, closing }) => `${opening.kind} ${opening.target} ${closing?.outcome ?? '…'}`),
    };
  }
}
