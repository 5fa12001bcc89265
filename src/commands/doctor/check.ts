import { redactSecrets } from '../../core/redaction.ts';

type CheckStatus = 'ok' | 'warn' | 'fail';

/** What one look at one thing has found. */
export interface Finding {
  readonly status: CheckStatus;
  readonly message: string;
  /** What to do about it. */
  readonly todo?: string;
}

export interface Check extends Finding {
  readonly name: string;
}

export const ok = (message: string): Finding => ({ status: 'ok', message });
export const warn = (message: string, todo: string): Finding => ({ status: 'warn', message, todo });
export const fail = (message: string, todo: string): Finding => ({ status: 'fail', message, todo });

/** Longer than anything takes that is well. */
const LIMIT_MS = 15_000;

/** Looks at one thing. Whatever goes wrong is a finding, and no secret is in it. */
export async function look(name: string, find: () => Promise<Finding> | Finding): Promise<Check> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Finding>((resolve) => {
    const todo = 'See what keeps it: the disk, the network, or a server that is overloaded.';
    timer = setTimeout(() => resolve(fail(`no answer within ${LIMIT_MS / 1000} s`, todo)), LIMIT_MS);
  });
  try {
    return clean({ name, ...(await Promise.race([Promise.resolve().then(find), late])) });
  } catch (error) {
    return clean({ name, ...fail(messageOf(error), 'This is not expected here; the message says what failed.') });
  } finally {
    clearTimeout(timer);
  }
}

function clean({ name, status, message, todo }: Check): Check {
  const text = redactSecrets(message);
  return { name, status, message: text, ...(todo === undefined ? {} : { todo: redactSecrets(todo) }) };
}

/** What the system or the driver beneath says, where ours only says that something is away. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause instanceof Error) return messageOf(error.cause);
  return error.message || ((error as NodeJS.ErrnoException).code ?? error.name);
}

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'] as const;

export function sizeText(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[power] ?? 'B'}`;
}

export function ageText(ms: number): string {
  const [seconds, minutes, hours] = [ms / 1000, ms / 60_000, ms / 3_600_000];
  if (seconds < 120) return `${Math.max(0, Math.round(seconds))} s`;
  return minutes < 120
    ? `${Math.round(minutes)} min`
    : hours < 48
      ? `${Math.round(hours)} h`
      : `${Math.round(hours / 24)} days`;
}
