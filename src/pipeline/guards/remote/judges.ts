import type { Call, Target } from '../../../core/call.ts';
import type { Clock } from '../../../core/clock.ts';
import type { Scheduler } from '../../../core/scheduler.ts';
import type { AskDeps } from '../../../models/own-calls/ask-text.ts';
import type { Transport } from '../../../models/transport/transport.ts';
import { type Judge, JudgeFailed, type JudgedText, type Judgement } from '../engine/judge.ts';
import type { ScorerSettings } from '../moderation/settings.ts';
import { type Asker, notAllowed } from './asker.ts';
import { chatAsker } from './askers/chat.ts';
import { llamaGuardAsker } from './askers/llama-guard.ts';
import { moderationAsker } from './askers/moderation.ts';
import { promptGuardAsker } from './askers/prompt-guard.ts';
import { type PieceRules, judgedInPieces } from './in-pieces.ts';
import { Lanes } from './lanes.ts';
import { type JudgementMemory, memoryKey } from './memory.ts';
import { aliyunAsker } from './services/aliyun.ts';
import { tencentAsker } from './services/tencent.ts';
import type { ServiceSettings } from './settings.ts';

export interface JudgeDeps {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** How targets are asked: through records, budgets and the way along targets. */
  readonly asking: AskDeps;
  /** `guardServices`, by name. */
  readonly services: ReadonlyMap<string, ServiceSettings>;
  /** How services are reached. */
  readonly transport: Transport;
  readonly memory: JudgementMemory;
}

/** Of a judge, or of one of both of a cascade; with the categories that count where not all do. */
export type JudgedBy = ScorerSettings & {
  readonly categories?: readonly string[];
  /** The score from which on it has found something, whatever else it would say; 0.95 unless given. */
  readonly sure?: number;
};

const SURE = 0.95;

/**
 * A model or a service as a judge. What it said of a text is remembered for some minutes, and longer texts than it reads
 * are shown to it in pieces, of which the worst counts.
 * @throws Error where a service is named that is not there
 */
export function openJudge(settings: JudgedBy, deps: JudgeDeps): Judge {
  const asker = askerOf(settings, deps);
  const fair = inLanes(asker, deps.clock);
  const rules = { clock: deps.clock, sure: settings.sure ?? SURE, pieces: new WeakMap<Call, number>() };
  return {
    async ask(asked) {
      if (!asker.maySee(asked.call)) {
        throw notAllowed(asker.name);
      }
      return remembered(fair, deps.memory, rules, asked);
    },
  };
}

/** Waiting takes of the time that is allowed. */
function inLanes(asker: Asker, clock: Clock): Asker {
  const lanes = new Lanes(asker.name);
  return {
    ...asker,
    ask(asked) {
      const end = clock.monotonic() + asked.allowedMs;
      return lanes.run(projectOf(asked), () => {
        const allowedMs = end - clock.monotonic();
        if (allowedMs <= 0)
          throw new JudgeFailed(`${asker.name} was busy with other texts until there was no time left`);
        return asker.ask({ ...asked, allowedMs });
      });
    },
  };
}

function projectOf({ call }: JudgedText): string {
  return call.principal?.project ?? '';
}

async function remembered(
  asker: Asker,
  memory: JudgementMemory,
  rules: PieceRules,
  asked: JudgedText,
): Promise<Judgement> {
  const project = projectOf(asked);
  const key = memoryKey([asker.keyOf(asked), asked.text]);
  const known = memory.get(project, key);
  if (known) return { ...known, detail: { ...known.detail, remembered: true } };
  const judgement = await judgedInPieces(asker, rules, asked);
  // Where some of it was not judged, the next time may be better.
  if (judgement.detail?.['unjudged'] === undefined) memory.set(project, key, judgement);
  return judgement;
}

function askerOf(settings: JudgedBy, deps: JudgeDeps): Asker {
  const { target, service, question, categories = [] } = settings;
  if (target) return targetAsker(target, settings, deps.asking);
  const found = service === undefined ? undefined : deps.services.get(service);
  if (service === undefined || !found) {
    throw new Error(
      `guardServices has no "${service ?? ''}"${question === undefined ? '' : ', and a question needs a target'}`,
    );
  }
  return found.type === 'aliyun'
    ? aliyunAsker(deps, service, found, categories)
    : tencentAsker(deps, service, found, categories);
}

function targetAsker(target: Target, { as, question, categories = [] }: JudgedBy, asking: AskDeps): Asker {
  switch (as === 'auto' ? kindOf(target.model) : as) {
    case 'moderation':
      return moderationAsker(asking, target, categories);
    case 'llama-guard':
      return llamaGuardAsker(asking, target, categories);
    case 'prompt-guard':
      return promptGuardAsker(asking, target, categories);
    default:
      return chatAsker(asking, target, { question, categories });
  }
}

/** How a model is asked, as its name has it. */
export function kindOf(model: string): Exclude<ScorerSettings['as'], 'auto'> {
  const name = model.toLowerCase();
  if (/llama-?guard/.test(name)) return 'llama-guard';
  if (/prompt-?guard|prompt-injection|jailbreak-(?:detect|class)/.test(name)) return 'prompt-guard';
  return name.includes('moderation') ? 'moderation' : 'chat';
}
