import type { BodyPatch } from '../../../core/body-patch.ts';
import type { Call } from '../../../core/call.ts';
import { type Json, type JsonObject, isJsonObject } from '../../../core/json.ts';
import type { ModelCatalog } from '../../../models/catalog.ts';
import { limitIn } from '../../../models/tokens/answer-limits.ts';
import { answerField } from '../../../models/tokens/answer-field.ts';

/**
 * Keeps the answer to so many tokens, reasoning included: a larger limit of the client is lowered, and one that is
 * missing is set. It is a patch of the client's bytes, and is so in what they are read as, for targets that are
 * translated to. Before `call.inference` is read.
 *
 * In OpenAI's chat it stands in the field that the targets know ({@link answerField}). A target that does not keep to
 * it (see docs/tokens.md) is not capped by it, and its bound does not become less.
 */
export function capOutput(call: Call, catalog: ModelCatalog, maxOutputTokens: number): void {
  const most = Math.max(1, Math.floor(maxOutputTokens));
  if (call.operation === 'completion') {
    capField(call, MAX_TOKENS, most);
    return;
  }
  if (call.operation !== 'chat') return;
  switch (call.dialect) {
    case 'openai':
      return capChat(call, catalog, most);
    case 'responses':
      return capField(call, MAX_OUTPUT_TOKENS, most);
    case 'anthropic':
      capField(call, MAX_TOKENS, most);
      return keepThinkingBelow(call, most);
    case 'gemini':
      return capGeneration(call, most);
  }
}

/** Where a value stands in the body, and the patch that set it last: mostly the next one is the same. */
interface Field {
  readonly path: readonly string[];
  readonly pointer: string;
  patch?: Extract<BodyPatch, { op: 'set' }>;
}

function fieldAt(...path: string[]): Field {
  return { path, pointer: `/${path.join('/')}` };
}

const MAX_TOKENS = fieldAt('max_tokens');
const MAX_COMPLETION_TOKENS = fieldAt('max_completion_tokens');
const MAX_OUTPUT_TOKENS = fieldAt('max_output_tokens');
const THINKING_BUDGET = fieldAt('thinking', 'budget_tokens');

/** Both names are lowered where the client sends both, since servers differ in which they take. */
function capChat(call: Call, catalog: ModelCatalog, most: number): void {
  const isOlder = answerField(call, catalog) === 'max_tokens';
  const { max_tokens: older, max_completion_tokens: newer } = call.body.resolved;
  const isBoth = isSaid(isOlder ? newer : older);
  capField(call, isOlder ? MAX_TOKENS : MAX_COMPLETION_TOKENS, most);
  if (isBoth) capField(call, isOlder ? MAX_COMPLETION_TOKENS : MAX_TOKENS, most);
}

/** The names of the API are in camel case or in snake case; the client's own stay. */
function capGeneration(call: Call, most: number): void {
  const body = call.body.resolved;
  const configs = ['generationConfig', 'generation_config'].filter((name) => isJsonObject(body[name]));
  if (configs.length === 0) {
    call.body.amend({ op: 'set', path: '/generationConfig', value: { maxOutputTokens: most } });
    return;
  }
  for (const name of configs) {
    const config = body[name] as JsonObject;
    const said = ['maxOutputTokens', 'max_output_tokens'].filter((field) => isSaid(config[field]));
    const fields = said.length > 0 ? said : ['maxOutputTokens'];
    for (const field of fields) capField(call, fieldAt(name, field), most);
  }
}

function isSaid(value: Json | undefined): boolean {
  return value !== undefined && value !== null;
}

function capField(call: Call, field: Field, most: number): void {
  const { path } = field;
  const limit = limitIn(valueAt(call.body.resolved, path));
  if (limit !== undefined && limit <= most) return;
  call.body.amend(setting(field, most));
  const asked = limitIn(valueAt(call.body.json, path));
  if (asked !== undefined) warn(call, path.join('.'), `is lowered from ${asked} to ${most} by ${BUDGET}`);
}

function valueAt(body: JsonObject, path: readonly string[]): Json | undefined {
  let value: Json | undefined = body;
  for (let at = 0; at < path.length && value !== undefined; at += 1) {
    value = isJsonObject(value) ? value[path[at] as string] : undefined;
  }
  return value;
}

/** One object for the same cap again, so that it is seen at a glance that nothing else is set. */
function setting(field: Field, value: number): BodyPatch {
  if (field.patch?.value !== value) field.patch = { op: 'set', path: field.pointer, value };
  return field.patch;
}

/** A later cap says it anew. */
function warn({ warnings }: Call, field: string, says: string): void {
  const before = warnings.findIndex((text) => text.startsWith(`${field}: `) && text.includes(BUDGET));
  warnings.splice(before < 0 ? warnings.length : before, before < 0 ? 0 : 1, `${field}: ${says}`);
}

const BUDGET = 'a budget';

/** @see https://platform.claude.com/docs/en/build-with-claude/extended-thinking (checked 2026-11-21) */
const LEAST_THINKING = 1024;

/**
 * Anthropic refuses a budget for thinking that is not below the limit; it becomes half of that, as where the budget is
 * not the client's own word, and where half is less than a budget can be, the model is not asked to think.
 */
function keepThinkingBelow(call: Call, most: number): void {
  const { thinking, max_tokens: limit } = call.body.resolved;
  const budget = isJsonObject(thinking) ? thinking['budget_tokens'] : undefined;
  const room = Math.min(limitIn(limit) ?? most, most);
  if (typeof budget !== 'number' || budget < room) return;
  const half = Math.floor(room / 2);
  if (half >= LEAST_THINKING) {
    const asked = valueAt(call.body.json, THINKING_BUDGET.path);
    call.body.amend(setting(THINKING_BUDGET, half));
    warn(call, 'thinking.budget_tokens', `is lowered from ${JSON.stringify(asked)} to ${half} by ${BUDGET}`);
  } else {
    call.body.amend({ op: 'remove', path: '/thinking' });
    warn(call, 'thinking.budget_tokens', `is left out: ${BUDGET} leaves ${room} tokens, which are too few to think`);
  }
}
