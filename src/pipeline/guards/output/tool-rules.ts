import { type JsonObject, asString } from '../../../core/json.ts';
import type { ToolRule } from './output-plan.ts';

/** What a model may say of a call itself. */
const CONFIDENCE = 'confidence';

/**
 * Whether somebody has to approve a call.
 * @param parsed undefined where its arguments cannot be read
 */
export function asksReview({ name, below }: ToolRule['rule'], called: string, parsed: JsonObject | undefined): boolean {
  const isMeant = name.endsWith('*') ? called.startsWith(name.slice(0, -1)) : called === name;
  if (!isMeant || below === undefined) return isMeant;
  const said = parsed?.[CONFIDENCE];
  const confidence = typeof said === 'number' ? said : Number(asString(said)?.trim() || Number.NaN);
  return !(confidence >= below);
}
