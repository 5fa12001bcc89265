import type { PartyName } from './parties.ts';

/** One shape of traffic. */
export interface Case {
  readonly name: string;
  readonly stream: boolean;
  readonly concurrency: number;
  /** Each request has a prompt of its own. */
  readonly varied?: boolean;
  /** The upstream sends one event of a stream at a time. */
  readonly paced?: boolean;
  /** The answer is in the cache before the first request, for those who have one. */
  readonly filled?: boolean;
  /** Bytes of the prompt; 1 KB where it is not said. */
  readonly promptBytes?: number;
  /** A stream's text may come in other pieces than the upstream's. */
  readonly regrouped?: boolean;
  /** Who has something to show in it; all where it is not said. */
  readonly parties?: readonly PartyName[];
}

export const LONG_PROMPT_BYTES = 100 * 1024;
/** Prompts of 100 KB: more of them at once would say nothing more. */
const LONG_CONCURRENCY = 8;

const CHAT = { stream: false, varied: true };
const STREAM = { stream: true, varied: true };
/** Who has no cache is no hit; the floor is what a hit is compared with. */
const HIT = { filled: true, parties: ['floor', 'causeway', 'embedded'] } as const;

export const CASES: readonly Case[] = [
  { name: 'chat-32', ...CHAT, concurrency: 32 },
  { name: 'stream-32', ...STREAM, concurrency: 32 },
  { name: 'stream-paced-32', ...STREAM, paced: true, concurrency: 32 },
  { name: 'hit-32', ...HIT, stream: false, concurrency: 32 },
  { name: 'hit-stream-32', ...HIT, stream: true, regrouped: true, concurrency: 32 },
  { name: `long-${LONG_CONCURRENCY}`, ...CHAT, promptBytes: LONG_PROMPT_BYTES, concurrency: LONG_CONCURRENCY },
  { name: 'chat-1', ...CHAT, concurrency: 1 },
  { name: 'chat-256', ...CHAT, concurrency: 256 },
  { name: 'stream-1', ...STREAM, concurrency: 1 },
  { name: 'stream-256', ...STREAM, concurrency: 256 },
];

/** What of a case decides which code is run: its name without the number of connections. */
export function kindOf({ name }: Case): string {
  return name.replace(/-\d+$/, '');
}

/** The named ones, in their own order; all where no names are given. */
export function pick<T>(all: readonly T[], wanted: string | undefined, nameOf: (item: T) => string): readonly T[] {
  if (wanted === undefined) return all;
  const names = wanted.split(',');
  const unknown = names.find((name) => !all.some((item) => nameOf(item) === name));
  if (unknown !== undefined) throw new Error(`"${unknown}" is none of ${all.map(nameOf).join(', ')}`);
  return all.filter((item) => names.includes(nameOf(item)));
}

export function pickCases(wanted: string | undefined): readonly Case[] {
  return pick(CASES, wanted, ({ name }) => name);
}

export function caseNamed(name: string): Case {
  const [found] = pickCases(name);
  if (!found) throw new Error(`no case is named "${name}"`);
  return found;
}
