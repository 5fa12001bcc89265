import type { Target } from '../../../core/call.ts';
import type { Clock } from '../../../core/clock.ts';
import type { Scheduler } from '../../../core/scheduler.ts';
import type { AskDeps } from '../../../models/own-calls/ask-text.ts';
import type { Transport } from '../../../models/transport/transport.ts';
import { type Judge, JudgeNotAllowed, type JudgedText, type Judgement } from '../engine/judge.ts';
import type { ScorerSettings } from '../moderation/settings.ts';
import type { Asker } from './asker.ts';
import { chatAsker } from './askers/chat.ts';
import { llamaGuardAsker } from './askers/llama-guard.ts';
import { moderationAsker } from './askers/moderation.ts';
import { promptGuardAsker } from './askers/prompt-guard.ts';
import { judgedInPieces } from './in-pieces.ts';
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
export type JudgedBy = ScorerSettings & { readonly categories?: readonly string[] };

/**
 * A model or a service as a judge. What it said of a text is remembered for some minutes, and longer texts than it reads
 * are shown to it in pieces, of which the worst counts.
 * @throws Error where a service is named that is not there
 */
export function openJudge(settings: JudgedBy, deps: JudgeDeps): Judge {
  const asker = askerOf(settings, deps);
  return {
    async ask(asked) {
      if (!asker.maySee(asked.call)) {
        throw new JudgeNotAllowed(`the call is confined to other targets, so ${asker.name} may not see it`);
      }
      return remembered(asker, deps, asked);
    },
  };
}

async function remembered(asker: Asker, { memory, clock }: JudgeDeps, asked: JudgedText): Promise<Judgement> {
  const project = asked.call.principal?.project ?? '';
  const key = memoryKey([asker.keyOf(asked), asked.text]);
  const known = memory.get(project, key);
  if (known) return { ...known, detail: { ...known.detail, remembered: true } };
  const judgement = await judgedInPieces(asker, clock, asked);
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
