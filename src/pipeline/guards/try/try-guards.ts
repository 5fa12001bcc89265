import { randomBytes } from 'node:crypto';

import type { Call } from '../../../core/call.ts';
import { GatewayError } from '../../../core/errors.ts';
import type { StreamEvent } from '../../../core/events.ts';
import type { Reply, TranslatedReply } from '../../../core/reply.ts';
import type { GuardPolicy, Policies } from '../engine/guard-policy.ts';
import { ScreenedCall } from '../engine/screened-call.ts';
import type { Given } from '../output/deps.ts';
import { screenReply } from '../output/screen-reply.ts';
import { type ScreenDeps, screenStage } from '../stage.ts';
import { textsOf } from '../slots/slots-of.ts';
import { foundInAnswer, foundInRequest } from './found.ts';
import type { TryAsked } from './question.ts';
import { type Came, tryView } from './try-view.ts';
import type { TryView } from './views.ts';

export type TryDeps = Pick<ScreenDeps, 'input' | 'output'>;

/** What stops a request that nobody is to answer. */
class Stopped extends Error {
  override readonly name = 'Stopped';
  readonly by: 'nothing' | 'review';

  constructor(by: Stopped['by']) {
    super();
    this.by = by;
  }
}

/** Each policy without its judges, once: what scanning takes is made for each policy. */
const unasking = new WeakMap<GuardPolicy, GuardPolicy>();

function withoutJudges(policy: GuardPolicy): GuardPolicy {
  let own = unasking.get(policy);
  if (!own) unasking.set(policy, (own = { ...policy, asking: [], grounding: undefined }));
  return own;
}

/**
 * What policies would make of a text, by the way that requests and answers go. No model is asked for an answer, nothing
 * is recorded, and nothing waits for anybody.
 * @param call of the question's body, assigned where it names a model
 */
export async function tryGuards(deps: TryDeps, call: Call, policies: Policies, asked: TryAsked): Promise<TryView> {
  const [first, ...others] = policies;
  const own: Policies = asked.asksJudges ? policies : [withoutJudges(first), ...others.map(withoutJudges)];
  // Marks and secret words of real requests are nobody's to see.
  const input = { ...deps.input, secret: randomBytes(32).toString('hex') };
  if (asked.side === 'input') {
    const { unread, slots } = textsOf(call);
    const found = await foundInRequest(input.desk, own, slots);
    const came = await tryRequest({ input, output: deps.output }, call, own);
    return tryView({ ...came, asked, policies, found, unread });
  }
  const found = await foundInAnswer(input.desk, own, asked.text ?? '');
  const came = await tryAnswer(deps.output, call, own, asked.text ?? '');
  return tryView({ ...came, asked, policies, found, unread: [] });
}

async function tryRequest({ input, output }: TryDeps, call: Call, policies: Policies): Promise<Came> {
  const stage = screenStage({
    policies: { of: () => policies },
    input,
    output,
    reviews: {
      pass: () => Promise.resolve(undefined),
      park: () => Promise.reject(new Stopped('review')),
    },
  });
  try {
    // A refusal that looks like a model's answer.
    const reply = await stage.run(call, () => Promise.reject(new Stopped('nothing')));
    return { verdicts: call.screening?.verdicts ?? [], message: textOfReply(reply) ?? '', hasFailed: false };
  } catch (thrown) {
    const verdicts = call.screening?.verdicts ?? [];
    if (!(thrown instanceof Stopped)) return { verdicts, ...refusalOf(thrown) };
    return thrown.by === 'review' ? { verdicts } : { verdicts, body: call.body.resolved, texts: textsOf(call).slots };
  }
}

const NOTHING_GIVEN: Given = {
  vault: { isEmpty: true, heldOf: () => 0, restore: (text) => text, restoreJson: (text) => text },
  sources: [],
};

async function tryAnswer(output: ScreenDeps['output'], call: Call, policies: Policies, text: string): Promise<Came> {
  const screening = new ScreenedCall(policies);
  call.screening = screening;
  try {
    // Without a room for reviews whoever would wait for one is refused.
    const reply = await screenReply({ ...output, park: undefined }, call, policies, NOTHING_GIVEN, answerOf(text));
    return { verdicts: screening.verdicts, answer: textOfReply(reply) };
  } catch (thrown) {
    return { verdicts: screening.verdicts, ...refusalOf(thrown) };
  }
}

function answerOf(text: string): TranslatedReply {
  const events: StreamEvent[] = [
    { type: 'message-start' },
    { type: 'text-delta', choice: 0, index: 0, text },
    { type: 'finish', choice: 0, reason: 'stop' },
    { type: 'end' },
  ];
  const terminal = { kind: 'completed', finishReason: 'stop', usage: undefined } as const;
  return { kind: 'translated', status: 200, headers: {}, events, terminal };
}

/** Undefined where the answer is that it was refused. */
function textOfReply(reply: Reply): string | undefined {
  if (reply.kind !== 'translated') return undefined;
  const isRefused = reply.events.some(({ type }) => type === 'refusal-delta');
  if (isRefused) return undefined;
  return reply.events.map((event) => (event.type === 'text-delta' ? event.text : '')).join('');
}

/** @throws what is no refusal of a guard */
function refusalOf(thrown: unknown): { readonly message: string; readonly hasFailed: boolean } {
  const code = thrown instanceof GatewayError ? thrown.code : undefined;
  if (!(thrown instanceof Error) || (code !== 'guard_blocked' && code !== 'guard_failed')) throw thrown;
  return { message: thrown.message, hasFailed: code === 'guard_failed' };
}
