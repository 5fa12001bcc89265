import type { SimulatedDialect } from './simulated-dialect.ts';
import type { Behaviour } from './behaviour.ts';
import type { Charge } from './billing.ts';
import type { Random } from './random.ts';
import { Refusal, faultMessage, refusalBody, refusalFrame } from './refusal.ts';
import type { Frame } from './rendering.ts';

/** Text that goes out some milliseconds after the request was let in. */
interface Step {
  readonly at: number;
  readonly text: string;
  /** Output tokens that are generated when it goes out. */
  readonly output?: number;
}

/** How the connection goes on after the last step: `silence` keeps it open. */
type Ending = 'end' | 'cut' | 'silence';

/** Everything that will happen to one request, decided before its first byte. */
export interface AnswerPlan {
  /** Undefined where no status line ever comes; the headers go out with the first step. */
  readonly head: { readonly status: number; readonly headers: Record<string, string> } | undefined;
  readonly steps: readonly Step[];
  readonly ending: Ending;
  /** Absent where nothing is billed. */
  readonly bill?: Bill;
}

/** What is billed beside the output of the steps that went out. */
interface Bill {
  readonly inputTokens: number;
  /** Of a whole answer: what is generated before its one step, by milliseconds since its start. */
  readonly outputBy?: (elapsedMs: number) => number;
}

/** Milliseconds from the request until so many tokens have been said. */
export type Pace = (tokens: number) => number;

/** Scatters around 1 as the settings say. */
function scatter({ latency, latencySpread }: Behaviour, random: Random): number {
  if (latency === 'fixed') return 1;
  if (latency === 'uniform') return Math.max(0, 1 + latencySpread * (2 * random() - 1));
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Math.exp(latencySpread * normal);
}

/** The times of one answer; `slowness` stretches all of them. Must be asked in the order of the tokens. */
export function paceOf(behaviour: Behaviour, slowness: number, random: Random): Pace {
  const { ttft, tokensPerSecond } = behaviour;
  let at = ttft * slowness * scatter(behaviour, random);
  if (tokensPerSecond === 0) return () => at;
  const gap = (1000 / tokensPerSecond) * slowness;
  let said = 1;
  return (tokens) => {
    for (; said < tokens; said += 1) at += gap * scatter(behaviour, random);
    return at;
  };
}

/** Headers and identity of an answer, which faults need as well. */
export interface Envelope {
  readonly dialect: SimulatedDialect;
  /** The letters that make the ids of this answer different from others'. */
  readonly idLetters: string;
  readonly requestId: string;
  readonly headers: Readonly<Record<string, string>>;
}

const JSON_TYPE = { 'content-type': 'application/json' };
const STREAM_TYPE = { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' };
const HTML_TYPE = { 'content-type': 'text/html' };

const HTML_PAGE =
  '<!DOCTYPE html>\n<html><head><title>Bad gateway</title></head><body><h1>Bad gateway</h1><p>simulated</p></body></html>\n';

function wholePlan(envelope: Envelope, status: number, at: number, body: string, type = JSON_TYPE): AnswerPlan {
  const length = String(Buffer.byteLength(body));
  const headers = { ...envelope.headers, ...type, 'content-length': length };
  return { head: { status, headers }, steps: [{ at, text: body }], ending: 'end' };
}

/** A body that is there at once, and meets no faults. */
export function bodyPlan(envelope: Envelope, body: string): AnswerPlan {
  return wholePlan(envelope, 200, 0, body);
}

/** An error of the request or of the gate, in the dialect's shape. */
export function refusalPlan(envelope: Envelope, refusal: Refusal, at = 0): AnswerPlan {
  const { retryAfterMs } = refusal;
  const wait = retryAfterMs === undefined ? {} : { 'retry-after': String(Math.ceil(retryAfterMs / 1000)) };
  const headers = { ...envelope.headers, ...refusal.headers, ...wait };
  return wholePlan(
    { ...envelope, headers },
    refusal.status,
    at,
    refusalBody(envelope.dialect, refusal, envelope.requestId),
  );
}

/** What takes the place of an answer: silence, a reset, an error, an HTML page. Undefined where the answer is given. */
export function faultPlan(
  envelope: Envelope,
  behaviour: Behaviour,
  pace: Pace,
  drawnError: boolean,
): AnswerPlan | undefined {
  if (behaviour.hang) return { head: undefined, steps: [], ending: 'silence' };
  const at = pace(1);
  if (behaviour.reset) return { head: undefined, steps: [{ at, text: '' }], ending: 'cut' };
  const { errorStatus: status, retryAfter: retryAfterMs } = behaviour;
  if (behaviour.html) return wholePlan(envelope, drawnError ? status : 200, at, HTML_PAGE, HTML_TYPE);
  if (!drawnError) return undefined;
  return refusalPlan(envelope, new Refusal(status, faultMessage(status), { retryAfterMs }), at);
}

function streamFault(behaviour: Behaviour): Refusal {
  const { errorStatus } = behaviour;
  return new Refusal(errorStatus, faultMessage(errorStatus));
}

interface WholeAnswer {
  readonly body: string;
  /** How many are said one after another. */
  readonly tokens: number;
  /** Undefined where nothing is billed. */
  readonly charge: Charge | undefined;
}

/** A whole answer of so many tokens, with the faults that strike in its middle. */
export function wholeAnswerPlan(envelope: Envelope, behaviour: Behaviour, pace: Pace, answer: WholeAnswer): AnswerPlan {
  const first = pace(1);
  const at = pace(answer.tokens);
  if (behaviour.errorIn200 || behaviour.errorAfterTokens !== undefined) {
    return wholePlan(envelope, 200, at, refusalBody(envelope.dialect, streamFault(behaviour), envelope.requestId));
  }
  const { body } = answer;
  const half = body.slice(0, Math.floor(body.length / 2));
  if (behaviour.halfJson) return billed(wholePlan(envelope, 200, at, half), answer, first);
  const ending = endingOf(behaviour);
  const malformed = behaviour.malformedAfterTokens === undefined ? body : `{${body}`;
  const plan =
    ending === 'end'
      ? wholePlan(envelope, 200, at, malformed)
      : { ...wholePlan(envelope, 200, at, body), steps: [{ at, text: half }], ending };
  return billed(plan, answer, first);
}

/** Whatever becomes of the answer on its way, all of it is generated when it goes out, and evenly until then. */
function billed(plan: AnswerPlan, { tokens, charge }: WholeAnswer, firstAt: number): AnswerPlan {
  if (!charge) return plan;
  const output = charge.generated(Number.POSITIVE_INFINITY);
  const steps = plan.steps.map((step) => ({ ...step, output }));
  const lastAt = steps.at(-1)?.at ?? firstAt;
  const outputBy = (elapsedMs: number): number => {
    if (elapsedMs >= lastAt) return output;
    const share = (elapsedMs - firstAt) / (lastAt - firstAt);
    return share < 0 ? 0 : charge.generated(1 + Math.floor(share * Math.max(0, tokens - 1)));
  };
  return { ...plan, steps, bill: { inputTokens: charge.inputTokens, outputBy } };
}

function endingOf({ cutAfterTokens, stallAfterTokens }: Behaviour): Ending {
  if (cutAfterTokens !== undefined) return 'cut';
  return stallAfterTokens === undefined ? 'end' : 'silence';
}

/** A streamed answer: its frames at their times, with the faults that strike on the way. */
export function streamPlan(
  envelope: Envelope,
  behaviour: Behaviour,
  pace: Pace,
  { frames, charge }: { frames: readonly Frame[]; charge: Charge },
): AnswerPlan {
  const head = { status: 200, headers: { ...envelope.headers, ...STREAM_TYPE } };
  const { sent, ending } = faultyFrames(envelope, behaviour, frames);
  const tokens = (frames.at(-1)?.said ?? 1) - 1;
  const steps: Step[] = [];
  for (const { text, said } of sent) {
    const at = pace(Math.min(said, tokens));
    const output = charge.generated(said);
    const last = steps.at(-1);
    if (last?.at === at) steps[steps.length - 1] = { at, text: last.text + text, output };
    else steps.push({ at, text, output });
  }
  const plan = { head, steps, ending };
  return behaviour.errorIn200 ? plan : { ...plan, bill: { inputTokens: charge.inputTokens } };
}

interface SentFrames {
  readonly sent: readonly Frame[];
  readonly ending: Ending;
}

function faultyFrames(envelope: Envelope, behaviour: Behaviour, frames: readonly Frame[]): SentFrames {
  const upTo = (tokens: number): Frame[] => frames.filter(({ said }) => said <= Math.min(tokens, lastToken));
  const lastToken = (frames.at(-1)?.said ?? 1) - 1;
  const { cutAfterTokens, stallAfterTokens, malformedAfterTokens } = behaviour;
  if (behaviour.errorIn200 || behaviour.errorAfterTokens !== undefined) {
    const before = behaviour.errorIn200 ? [] : upTo(behaviour.errorAfterTokens ?? 0);
    const text = refusalFrame(envelope.dialect, streamFault(behaviour), envelope.requestId);
    return { sent: [...before, { text, said: before.at(-1)?.said ?? 0 }], ending: 'end' };
  }
  if (behaviour.halfJson) return { sent: firstHalf(frames), ending: 'end' };
  if (cutAfterTokens !== undefined) return { sent: upTo(cutAfterTokens), ending: 'cut' };
  if (stallAfterTokens !== undefined) return { sent: upTo(stallAfterTokens), ending: 'silence' };
  if (malformedAfterTokens === undefined) return { sent: frames, ending: 'end' };
  const before = upTo(malformedAfterTokens);
  const broken = { text: brokenFrame(frames[before.length]), said: before.at(-1)?.said ?? 0 };
  return { sent: [...before, broken, ...frames.slice(before.length + 1)], ending: 'end' };
}

/** A frame whose JSON lost its end. */
function brokenFrame(frame: Frame | undefined): string {
  const text = frame?.text ?? 'data: {}';
  return `${text.trimEnd().slice(0, -2)}\n\n`;
}

/** The first half of the bytes, the last frame torn. */
function firstHalf(frames: readonly Frame[]): Frame[] {
  const half = frames.slice(0, Math.ceil(frames.length / 2));
  const torn = half.pop();
  return torn ? [...half, { ...torn, text: torn.text.slice(0, Math.floor(torn.text.length / 2)) }] : half;
}
