import type { Dialect } from '../../core/call.ts';
import { GatewayError } from '../../core/errors.ts';
import type { Needs } from '../../core/inference/needs.ts';
import type { Capabilities } from './capabilities.ts';

/** What a request can need of its target, and a target be known not to have. */
type Fact = Exclude<keyof Needs, 'outputTokens'> & keyof Capabilities;

interface FactRow {
  /** "The model x …" */
  readonly cannot: string;
  /** The field of the request that asks for it. */
  readonly param: Readonly<Record<Dialect, string>>;
  /** Translation has something in its place, or its own words for what it has not. */
  readonly translatable?: boolean;
}

const MESSAGES = { openai: 'messages', responses: 'input', anthropic: 'messages', gemini: 'contents' };
const everywhere = (field: string) => ({ openai: field, responses: field, anthropic: field, gemini: field });

const FACTS: Readonly<Record<Fact, FactRow>> = {
  streaming: { cannot: 'cannot stream its answers', param: everywhere('stream') },
  tools: { cannot: 'cannot call tools', param: everywhere('tools') },
  parallelTools: {
    cannot: 'cannot call several tools in one turn',
    param: { ...everywhere('parallel_tool_calls'), anthropic: 'tool_choice.disable_parallel_tool_use' },
  },
  vision: { cannot: 'cannot read images', param: MESSAGES },
  documents: { cannot: 'cannot read PDF documents', param: MESSAGES },
  audioInput: { cannot: 'cannot hear audio', param: MESSAGES },
  audioOutput: {
    cannot: 'cannot answer in audio',
    param: { ...everywhere('modalities'), gemini: 'generationConfig.responseModalities' },
  },
  jsonSchema: {
    cannot: 'cannot hold its answer to a JSON Schema',
    param: {
      openai: 'response_format',
      responses: 'text.format',
      anthropic: 'output_config.format',
      gemini: 'generationConfig.responseSchema',
    },
    translatable: true,
  },
  reasoning: {
    cannot: 'cannot be asked to think',
    param: {
      openai: 'reasoning_effort',
      responses: 'reasoning',
      anthropic: 'thinking',
      gemini: 'generationConfig.thinkingConfig',
    },
    translatable: true,
  },
  prefill: {
    cannot: 'cannot continue a message of the assistant that the prompt ends with',
    param: MESSAGES,
    translatable: true,
  },
};

const NAMES = Object.keys(FACTS) as readonly Fact[];

export interface CheckContext {
  /** For the name of the field at fault. */
  readonly dialect: Dialect;
  /** The request is translated for this target, so that what it lacks may have a stand-in. */
  readonly translated: boolean;
  /** Other targets, to name those that could. Asked only where a request is refused. */
  readonly others?: () => Iterable<readonly [target: string, Capabilities]>;
}

const RELAYED: CheckContext = { dialect: 'openai', translated: false };

/**
 * Refuses a request for what its target is known not to be able to do; what is not known is the provider's to judge.
 * @param target as messages name it: `provider/model`
 * @throws capability_unsupported
 */
export function checkNeeds(
  needs: Needs,
  capabilities: Capabilities | undefined,
  target: string,
  context: CheckContext = RELAYED,
): void {
  if (!capabilities) return;
  for (const name of NAMES) {
    if (needs[name] && capabilities[name] === false && !isHarmless(name, context)) {
      throw unable(name, needs, target, context);
    }
  }
  const { outputTokens } = needs;
  if (outputTokens === undefined || capabilities.outputTokens === undefined) return;
  // Anthropic's clients have to name a limit, and name that of the model they think of; translation lowers it.
  if (context.translated && context.dialect === 'anthropic') return;
  if (outputTokens > capabilities.outputTokens)
    throw tooLong(outputTokens, capabilities.outputTokens, needs, target, context);
}

/**
 * What a target is known not to be able to do of what a request needs, as words that follow its name: `cannot read
 * images`. The same that {@link checkNeeds} refuses; undefined where nothing is known against it.
 */
export function lackOf(
  needs: Needs,
  capabilities: Capabilities | undefined,
  context: CheckContext = RELAYED,
): string | undefined {
  if (!capabilities) return undefined;
  for (const name of NAMES) {
    if (needs[name] && capabilities[name] === false && !isHarmless(name, context)) return FACTS[name].cannot;
  }
  const { outputTokens } = needs;
  if (outputTokens === undefined || capabilities.outputTokens === undefined) return undefined;
  const isLowered = context.translated && context.dialect === 'anthropic';
  return outputTokens > capabilities.outputTokens && !isLowered ? 'gives no answers that long' : undefined;
}

/** Translation has something in its place; or it is a wish in one dialect and ordinary history in the other. */
function isHarmless(name: Fact, { dialect, translated }: CheckContext): boolean {
  if (name === 'prefill' && dialect !== 'anthropic') return true;
  return translated && FACTS[name].translatable === true;
}

function unable(name: Fact, needs: Needs, target: string, context: CheckContext): GatewayError {
  const { cannot, param } = FACTS[name];
  const message = `The model ${target} ${cannot}.${whoCould(needs, context)}`;
  return new GatewayError('capability_unsupported', { message, param: param[context.dialect] });
}

function tooLong(asked: number, most: number, needs: Needs, target: string, context: CheckContext): GatewayError {
  const message = `The model ${target} gives at most ${most} tokens in an answer, and ${asked} were asked for.`;
  return new GatewayError('capability_unsupported', {
    message: `${message}${whoCould(needs, context)}`,
    param: OUTPUT_LIMIT[context.dialect],
  });
}

const OUTPUT_LIMIT: Readonly<Record<Dialect, string>> = {
  openai: 'max_tokens',
  responses: 'max_output_tokens',
  anthropic: 'max_tokens',
  gemini: 'generationConfig.maxOutputTokens',
};

const MOST_NAMED = 3;

/** Targets that are known to be able to do all of it. */
function whoCould(needs: Needs, { others }: CheckContext): string {
  const able: string[] = [];
  for (const [target, capabilities] of others?.() ?? []) {
    if (!isAble(needs, capabilities)) continue;
    able.push(target);
    if (able.length === MOST_NAMED) break;
  }
  if (able.length === 0) return ' GET /v1/models shows what models can do.';
  return ` Known to be able to: ${able.join(', ')}.`;
}

/** What nearly everybody can do is not always said of everybody. */
const COMMON: ReadonlySet<Fact> = new Set(['streaming', 'parallelTools']);

function isAble(needs: Needs, capabilities: Capabilities): boolean {
  const { outputTokens } = needs;
  if (outputTokens !== undefined && outputTokens > (capabilities.outputTokens ?? 0)) return false;
  return NAMES.every((name) => {
    if (!needs[name]) return true;
    return COMMON.has(name) ? capabilities[name] !== false : capabilities[name] === true;
  });
}
