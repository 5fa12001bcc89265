import { parseNetwork } from '../core/network-address.ts';
import { parseDuration, parseRate, parseSize } from '../core/units.ts';

/** A text with a meaning of its own: what it is called, how to write it, how to read it (`undefined` = it is not one). */
interface TextKind {
  readonly what: string;
  readonly write: string;
  readonly pattern: RegExp;
  readonly read: (text: string) => unknown;
}

/** One provider and one of its models, as written `provider/model`. */
export interface TargetName {
  readonly provider: string;
  readonly model: string;
}

export const TEXT_KINDS = {
  duration: {
    what: 'a duration',
    write: 'a number with a unit (ms, s, m, h, d), at most 24d, e.g. 10s',
    pattern: /^\d+(\.\d+)?(ms|s|m|h|d)$/,
    read: readTimer,
  },
  age: {
    what: 'an age',
    write: 'a number above 0 with a unit (s, m, h, d), e.g. 30d',
    pattern: /^\d+(\.\d+)?(s|m|h|d)$/,
    read: (text) => parseDuration(text) || undefined,
  },
  size: {
    what: 'a size',
    write: 'a number above 0 with a unit (B, KB, MB, GB), e.g. 10MB',
    pattern: /^\d+(\.\d+)?(B|KB|MB|GB)$/,
    read: (text) => parseSize(text) || undefined,
  },
  rate: {
    what: 'a rate',
    write: 'a number above 0, a slash and a duration, e.g. 500/1m',
    pattern: /^\d+\/\d+(\.\d+)?(ms|s|m|h|d)$/,
    read: parseRate,
  },
  hedgeDelay: {
    what: 'a delay',
    write: 'a duration such as 300ms, or p95',
    pattern: /^(p95|\d+(\.\d+)?(ms|s|m|h|d))$/,
    read: (text) => (text === 'p95' ? text : readTimer(text)),
  },
  url: {
    what: 'a base URL',
    write: 'an http(s) address without user, query or fragment, e.g. http://127.0.0.1:8000/v1',
    pattern: /^https?:\/\/[\w.:[\]-]+(\/[^\s?#]*)?$/,
    read: (text) => (URL.canParse(text) ? text.replace(/\/+$/, '') : undefined),
  },
  target: {
    what: 'a target',
    write: 'provider/model, e.g. openai/gpt-5-mini',
    pattern: /^[^\s/]+\/\S+$/,
    read: splitTarget,
  },
  timeOfDay: {
    what: 'a time of day',
    write: 'hours and minutes from 00:00 to 24:00, e.g. 09:30',
    pattern: /^([01]\d|2[0-3]):[0-5]\d$|^24:00$/,
    read: (text) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3)),
  },
  network: {
    what: 'an address or a network',
    write: 'an IP address, or one with the number of its bits that count, e.g. 10.0.0.0/8',
    pattern: /^[\dA-Fa-f.:]+(\/\d{1,3})?$/,
    read: parseNetwork,
  },
  header: {
    what: 'a header value',
    write: 'one line of printable ASCII',
    pattern: /^[\x20-\x7e]*$/,
    read: (text) => text,
  },
} as const satisfies Record<string, TextKind>;

export type TextKindName = keyof typeof TEXT_KINDS;

/** What the code gets for a text of that kind; `undefined` where it is not one. */
export function readText(name: TextKindName, text: string): unknown {
  const { pattern, read } = TEXT_KINDS[name];
  return pattern.test(text) ? read(text) : undefined;
}

/** A timer that is set for longer fires at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

function readTimer(text: string): number | undefined {
  const ms = parseDuration(text);
  return ms !== undefined && ms <= LONGEST_TIMER_MS ? ms : undefined;
}

function splitTarget(text: string): TargetName {
  const slash = text.indexOf('/');
  return { provider: text.slice(0, slash), model: text.slice(slash + 1) };
}
