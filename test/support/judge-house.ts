import type { Call } from '../../src/core/call.ts';
import { GatewayError } from '../../src/core/errors.ts';
import type { Reply } from '../../src/core/reply.ts';
import { ModelCatalog } from '../../src/models/catalog.ts';
import { PriceBook } from '../../src/models/pricing/price-book.ts';
import type { JudgeDeps, JudgedBy } from '../../src/pipeline/guards/remote/judges.ts';
import { openJudge } from '../../src/pipeline/guards/remote/judges.ts';
import { JudgementMemory } from '../../src/pipeline/guards/remote/memory.ts';
import type { ServiceSettings } from '../../src/pipeline/guards/remote/settings.ts';
import type { JudgedText, Judgement } from '../../src/pipeline/guards/engine/judge.ts';
import { FakeClock } from './fake-clock.ts';
import { FakeTransport } from './fake-transport.ts';
import { makeCall } from './make-call.ts';
import { textReply } from './text-reply.ts';

/** What a model says: a text, JSON as bytes, or nothing. */
export type Says = string | object | undefined;

/** Judges whose models and services are the test. */
export class JudgeHouse {
  readonly clock = new FakeClock();
  readonly transport = new FakeTransport();
  /** What was asked of models. */
  readonly own: Call[] = [];
  readonly deps: JudgeDeps;

  constructor(says: (own: Call) => Says = () => undefined, services: Record<string, ServiceSettings> = {}) {
    const { clock } = this;
    const catalog = new ModelCatalog({
      providers: [],
      virtualModels: [],
      prices: new PriceBook({}),
      passThroughProviders: new Set(),
    });
    this.deps = {
      clock,
      scheduler: clock,
      transport: this.transport,
      memory: new JudgementMemory(clock),
      services: new Map(Object.entries(services)),
      asking: {
        clock,
        catalog: () => catalog,
        ask: (own) => {
          this.own.push(own);
          const said = says(own);
          if (said === undefined) return Promise.reject(new GatewayError('provider_unreachable'));
          return Promise.resolve(typeof said === 'string' ? textReply(said) : wholeReply(said));
        },
      },
    };
  }

  ask(settings: Partial<JudgedBy>, text: string, asked: Partial<JudgedText> = {}): Promise<Judgement> {
    const judge = openJudge({ as: 'auto', ...settings }, this.deps);
    return judge.ask({ text, place: 'input', call: makeCall(), allowedMs: 2000, ...asked });
  }

  /** What was said to the model that was asked last: `role: text`. */
  get lastTurns(): string[] {
    const messages = this.own.at(-1)?.body.json['messages'];
    if (!Array.isArray(messages)) return [];
    return (messages as { role: string; content: string }[]).map(({ role, content }) => `${role}: ${content}`);
  }
}

function wholeReply(json: object): Reply {
  return {
    kind: 'whole',
    status: 200,
    headers: {},
    body: Buffer.from(JSON.stringify(json)),
    terminal: { kind: 'completed', finishReason: 'stop', usage: undefined },
  };
}
