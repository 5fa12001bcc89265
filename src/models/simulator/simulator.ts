import type { Clock } from '../../core/clock.ts';
import { renderAnthropicStream, renderAnthropicWhole } from './anthropic-rendering.ts';
import { spokenTokens } from './answer.ts';
import { type Behaviour, SIMULATED_MODELS, type SimulatorOptions, behaviourOf, settingsOf } from './behaviour.ts';
import { BillingCounter, type SimulatorBilling, answerCharge, inputCharge } from './billing.ts';
import { Exchange } from './exchange.ts';
import { Gate } from './gate.ts';
import { modelsBody } from './models-body.ts';
import { renderOpenAiStream, renderOpenAiWhole } from './openai-rendering.ts';
import {
  type AnswerPlan,
  type Envelope,
  type Pace,
  bodyPlan,
  faultPlan,
  paceOf,
  refusalPlan,
  streamPlan,
  wholeAnswerPlan,
} from './plan.ts';
import type { AnswerOutput } from './playback.ts';
import { PromptCache } from './prompt-cache.ts';
import { type Random, hashText, idLetters, seededRandom } from './random.ts';
import { Refusal } from './refusal.ts';
import type { Rendering } from './rendering.ts';
import { type SimulatedRequest, type Task, TaskReader, dialectOf, operationPath } from './request.ts';
import type { AnswerSettings } from './settings.ts';
import { type SimulatorStats, StatsCounter } from './stats.ts';
import { SIMULATE_HEADER, WrittenSettingError, readSimulateHeader } from './written-settings.ts';

/** What is decided about a request: its whole course, and the gate that it has to pass first. */
interface Decision {
  readonly model: string | undefined;
  readonly plan: AnswerPlan;
  readonly gate: Gate | undefined;
}

/** A chat request's letters: enough for every id that is made of them. */
const ID_LETTERS = 29;
const USUAL_SLOW_START_FACTOR = 5;

/**
 * One simulated provider with its models, limits, prompt cache and statistics.
 *
 * What it says depends on the request alone; when and whether it says it, on the settings, the seed and the order of requests.
 */
export class Simulator {
  readonly #options: SimulatorOptions;
  readonly #clock: Clock;
  readonly #startedAt: number;
  readonly #idSeed: number;
  readonly #tasks = new TaskReader();
  readonly #promptCache = new PromptCache();
  readonly #stats = new StatsCounter();
  readonly #billing = new BillingCounter();
  readonly #gate: Gate;
  readonly #modelGates = new Map<string, Gate>();
  #sequence = 0;

  constructor(options: SimulatorOptions, clock: Clock) {
    this.#options = options;
    this.#clock = clock;
    this.#startedAt = clock.monotonic();
    // Ids of another start are other ids; times and errors repeat.
    this.#idSeed = hashText(`${options.seed ?? 1}:${clock.now()}`);
    this.#gate = new Gate(options, clock);
    for (const [model, own] of options.models ?? []) {
      const hasGate = own.concurrency !== undefined || own.rateLimit !== undefined;
      if (hasGate) this.#modelGates.set(model, new Gate(settingsOf(options, model), clock));
    }
  }

  /** Models that are listed; any other name is answered as well. */
  get models(): string[] {
    return [...new Set([...SIMULATED_MODELS, ...(this.#options.models?.keys() ?? [])])];
  }

  get stats(): SimulatorStats {
    return this.#stats.snapshot();
  }

  /** What a provider would ask money for so far. */
  get billing(): SimulatorBilling {
    return this.#billing.snapshot();
  }

  /** Takes a request and answers it into the output, now or over time. */
  serve(request: SimulatedRequest, output: AnswerOutput): Exchange {
    this.#sequence += 1;
    const envelope = this.#envelope(request);
    const { model, plan, gate } = this.#decide(request, envelope);
    const { path } = request;
    const counters = { stats: this.#stats, billing: this.#billing };
    const exchange = new Exchange({ clock: this.#clock, output, ...counters, path, model });
    try {
      exchange.begin(plan, gate && ((start) => gate.enter(envelope.dialect, start)));
    } catch (error) {
      exchange.begin(refusalPlan(envelope, asRefusal(error)), undefined);
    }
    return exchange;
  }

  #envelope(request: SimulatedRequest): Envelope {
    const dialect = dialectOf(request);
    const letters = idLetters(this.#random(this.#idSeed), ID_LETTERS);
    const requestId = dialect === 'openai' ? `req_${letters}` : `req_01${letters.slice(0, 22)}`;
    const own = dialect === 'openai' ? { 'openai-version': '2020-10-01' } : { 'request-id': requestId };
    return { dialect, idLetters: letters, requestId, headers: { 'x-request-id': requestId, ...own } };
  }

  /** Chance that depends on the seed and on which request this is. */
  #random(seed: number): Random {
    return seededRandom(hashText(String(this.#sequence), seed));
  }

  #decide(request: SimulatedRequest, envelope: Envelope): Decision {
    let model: string | undefined;
    try {
      const path = operationPath(request.path);
      if (request.method === 'GET' && /^\/models(\/|$)/.test(path)) {
        const plan = bodyPlan(envelope, modelsBody(envelope.dialect, path, this.models));
        return { model, gate: undefined, plan };
      }
      const ordered = settingsInHeader(request);
      const task = this.#tasks.read(request);
      ({ model } = task);
      const gate = this.#modelGates.get(model) ?? this.#gate;
      const headers = { ...envelope.headers, ...gate.admit(envelope.dialect) };
      const behaviour = behaviourOf(this.#options, model, ordered);
      return { model, gate, plan: this.#plan(task, behaviour, { ...envelope, headers }) };
    } catch (error) {
      return { model, gate: undefined, plan: refusalPlan(envelope, asRefusal(error)) };
    }
  }

  #plan(task: Task, behaviour: Behaviour, envelope: Envelope): AnswerPlan {
    const random = this.#random(this.#options.seed ?? 1);
    const isError = behaviour.errorRate > 0 && random() < behaviour.errorRate;
    const pace = paceOf(behaviour, this.#slowness(), random);
    const fault = faultPlan(envelope, behaviour, pace, isError);
    if (fault) return fault;
    if (task.kind === 'body') return bodyAnswerPlan(task, behaviour, envelope, pace);
    const { prompt } = task;
    const answer = task.answer(behaviour.outputTokens);
    const rendering: Rendering = {
      idLetters: envelope.idLetters,
      created: Math.floor(this.#clock.now() / 1000),
      prompt,
      answer,
      cached: this.#promptCache.use(prompt),
    };
    const { stream, whole } = RENDERERS[prompt.dialect];
    const charge = answerCharge(prompt.tokens, answer);
    if (prompt.stream) return streamPlan(envelope, behaviour, pace, { frames: stream(rendering), charge });
    return wholeAnswerPlan(envelope, behaviour, pace, {
      body: whole(rendering),
      tokens: spokenTokens(answer),
      charge,
    });
  }

  #slowness(): number {
    const { slowStart = 0, slowStartFactor = USUAL_SLOW_START_FACTOR } = this.#options;
    return this.#clock.monotonic() - this.#startedAt < slowStart ? slowStartFactor : 1;
  }
}

function bodyAnswerPlan(
  { body, inputTokens }: Extract<Task, { kind: 'body' }>,
  behaviour: Behaviour,
  envelope: Envelope,
  pace: Pace,
): AnswerPlan {
  const charge = inputTokens === undefined ? undefined : inputCharge(inputTokens);
  return wholeAnswerPlan(envelope, behaviour, pace, { body, tokens: 1, charge });
}

const RENDERERS = {
  openai: { stream: renderOpenAiStream, whole: renderOpenAiWhole },
  anthropic: { stream: renderAnthropicStream, whole: renderAnthropicWhole },
} as const;

/** @throws WrittenSettingError */
function settingsInHeader({ headers }: SimulatedRequest): AnswerSettings | undefined {
  const written = headers[SIMULATE_HEADER];
  return written === undefined ? undefined : readSimulateHeader(String(written));
}

function asRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof WrittenSettingError) return new Refusal(400, `${SIMULATE_HEADER}: ${error.message}`);
  return new Refusal(500, 'The simulator cannot answer this request.');
}
