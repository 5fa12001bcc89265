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
    capFields(call, [['max_tokens']], most);
    return;
  }
  if (call.operation !== 'chat') return;
  switch (call.dialect) {
    case 'openai':
      return capChat(call, catalog, most);
    case 'responses':
      return capFields(call, [['max_output_tokens']], most);
    case 'anthropic':
      capFields(call, [['max_tokens']], most);
      return keepThinkingBelow(call, most);
    case 'gemini':
      return capGeneration(call, most);
  }
}

/** Where a value stands in the body. */
type Path = readonly string[];

/** Both names are lowered where the client sends both, since servers differ in which they take. */
function capChat(call: Call, catalog: ModelCatalog, most: number): void {
  const field = answerField(call, catalog);
  const other = field === 'max_tokens' ? 'max_completion_tokens' : 'max_tokens';
  const isBoth = isSaid(call.body.resolved[other]);
  capFields(call, isBoth ? [[field], [other]] : [[field]], most);
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
    capFields(
      call,
      fields.map((field) => [name, field]),
      most,
    );
  }
}

function isSaid(value: Json | undefined): boolean {
  return value !== undefined && value !== null;
}

function capFields(call: Call, paths: readonly Path[], most: number): void {
  for (const path of paths) {
    const limit = limitIn(valueAt(call.body.resolved, path));
    if (limit !== undefined && limit <= most) continue;
    call.body.amend(setting(path, most));
    const asked = limitIn(valueAt(call.body.json, path));
    if (asked !== undefined) warn(call, path.join('.'), `is lowered from ${asked} to ${most} by ${BUDGET}`);
  }
}

function valueAt(body: JsonObject, path: Path): Json | undefined {
  return path.reduce<Json | undefined>((value, name) => (isJsonObject(value) ? value[name] : undefined), body);
}

function setting(path: Path, value: Json): BodyPatch {
  return { op: 'set', path: `/${path.join('/')}`, value };
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
    const asked = valueAt(call.body.json, ['thinking', 'budget_tokens']);
    call.body.amend(setting(['thinking', 'budget_tokens'], half));
    warn(call, 'thinking.budget_tokens', `is lowered from ${JSON.stringify(asked)} to ${half} by ${BUDGET}`);
  } else {
    call.body.amend({ op: 'remove', path: '/thinking' });
    warn(call, 'thinking.budget_tokens', `is left out: ${BUDGET} leaves ${room} tokens, which are too few to think`);
  }
}
