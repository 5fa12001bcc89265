import { createHash } from 'node:crypto';

/** @see https://platform.claude.com/docs/en/api/messages (`tools.name`, `tool_use_id`; checked 2026-11-21) */
const NAME = /^[a-zA-Z0-9_-]{1,128}$/;
const ID = /^[a-zA-Z0-9_-]{1,64}$/;

/** A tool's name as Anthropic takes it; the same for the same name always, so that cached prefixes stay. */
export function wireToolName(name: string): string {
  if (NAME.test(name)) return name;
  const readable = name.replaceAll(/[^a-zA-Z0-9_-]/g, '_').slice(0, 100);
  return `${readable}_${digest(name).slice(0, 12)}`;
}

/**
 * Ids of tool calls as Anthropic takes them: of its alphabet, and each used once in a conversation. Some servers
 * begin to count anew in each turn, so an id that comes again is another call's.
 */
export class ToolCallIds {
  readonly #used = new Set<string>();
  /** By the client's id: the calls that wait for their result, in their order, and the last one that got it. */
  readonly #open = new Map<string, string[]>();
  readonly #answered = new Map<string, string>();

  ofCall(id: string): string {
    const own = wireId(id);
    let unique = own;
    for (let again = 2; this.#used.has(unique); again += 1) unique = hashedId(`${own} ${again}`);
    this.#used.add(unique);
    this.#open.set(id, [...(this.#open.get(id) ?? []), unique]);
    return unique;
  }

  ofResult(id: string): string {
    const unique = this.#open.get(id)?.shift() ?? this.#answered.get(id) ?? wireId(id);
    this.#answered.set(id, unique);
    return unique;
  }
}

function wireId(id: string): string {
  return ID.test(id) ? id : hashedId(id);
}

function hashedId(id: string): string {
  return `call_${digest(id).slice(0, 32)}`;
}

export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
