import { createHash } from 'node:crypto';

import type { Quirks } from './quirks.ts';

/** @see https://platform.openai.com/docs/api-reference/chat/create (`tool_call_id`; checked 2026-11-21) */
const LONGEST_ID = 40;
const NINE = /^[a-zA-Z0-9]{9}$/;

/** A tool's name as the server takes it; the same for the same name always, so that cached prefixes stay. */
export function wireToolName(name: string, { toolNames }: Pick<Quirks, 'toolNames'>): string {
  if (toolNames.test(name)) return name;
  const readable = name.replaceAll(/[^a-zA-Z0-9_-]/g, '_').slice(0, 48);
  const wire = `${readable}_${digest(name).slice(0, 12)}`;
  return toolNames.test(wire) ? wire : `f_${wire}`;
}

/** The id of a tool call as the server takes it; the same for a call and its result. */
export function wireToolId(id: string, { toolIds }: Pick<Quirks, 'toolIds'>): string {
  if (toolIds === 'nine') return NINE.test(id) ? id : digest(id).slice(0, 9);
  return id.length > 0 && id.length <= LONGEST_ID ? id : `call_${digest(id).slice(0, 32)}`;
}

export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
