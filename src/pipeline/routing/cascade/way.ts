import { type Call, targetName } from '../../../core/call.ts';
import { isJsonObject } from '../../../core/json.ts';
import { isSameTarget, mayGoTo } from '../../../core/reach.ts';
import type { CascadePolicy } from '../../../core/routing.ts';
import type { ModelCatalog } from '../../../models/catalog.ts';
import { asksLogprobs, mayHaveLogprobs } from './checks/logprobs.ts';

/** What becomes of a request where a cascade is set. */
export type Way =
  | { readonly kind: 'cascade' }
  /** To the better model at once. */
  | { readonly kind: 'skip'; readonly why: string }
  /** As if there was none. */
  | { readonly kind: 'none' };

const NONE: Way = { kind: 'none' };

/** @param refuses whether a target, `provider/model`, is known to refuse to be asked for log probabilities */
export function wayOf(
  catalog: ModelCatalog,
  call: Call,
  policy: CascadePolicy,
  refuses: (target: string) => boolean = () => false,
): Way {
  const { to, check, judge } = policy;
  const [first] = call.assignment?.targets ?? [];
  if (!first || isSameTarget(first, to) || call.operation !== 'chat') return NONE;
  if (!mayGoTo(call, to) || (check === 'judge' && (!judge || !mayGoTo(call, judge)))) return NONE;
  // What a provider keeps for the request is nowhere else.
  if (call.keeps === true && to.provider !== first.provider) return NONE;
  if (call.facts.stream && policy.streams === 'skip') return skip('streamed answers are not checked');
  if (answersAsked(call) > 1) return skip('several answers are asked for');
  if (check === 'logprobs' && !mayHaveLogprobs(catalog, call, first)) {
    return skip(`${targetName(first)} gives no log probabilities to clients of this API`);
  }
  if (check === 'logprobs' && !asksLogprobs(call) && refuses(targetName(first))) {
    return skip(`${targetName(first)} refused to be asked for log probabilities`);
  }
  return { kind: 'cascade' };
}

function skip(why: string): Way {
  return { kind: 'skip', why };
}

function answersAsked({ dialect, body }: Call): number {
  const json = body.resolved;
  if (dialect === 'openai') return numberOf(json['n']);
  if (dialect !== 'gemini') return 1;
  const config = json['generationConfig'] ?? json['generation_config'];
  return isJsonObject(config) ? numberOf(config['candidateCount'] ?? config['candidate_count']) : 1;
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : 1;
}
