import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** A process, told apart from a later one that got the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, in whatever form the system tells; only equality means anything. */
  readonly started: string;
}

/** Process numbers mean something only inside one machine or container, which its host name stands for. */
export const thisHost = hostname();

/** @throws Error where there is no such process */
export function identify(pid: number): ProcessIdentity {
  const started = startOf(pid);
  if (started === undefined) throw new Error(`there is no process ${pid}`);
  return { pid, started };
}

export function isSame(a: ProcessIdentity, b: ProcessIdentity): boolean {
  return a.pid === b.pid && a.started === b.started;
}

export function isAlive({ pid, started }: ProcessIdentity): boolean {
  return startOf(pid) === started;
}

function startOf(pid: number): string | undefined {
  return process.platform === 'linux' ? startOnLinux(pid) : startByPs(pid);
}

/** Field 22 of `stat`, ticks since boot; the name in field 2 may hold spaces and brackets, so it is cut off first. */
function startOnLinux(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A zombie holds nothing any more; only its parent has not asked yet.
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

function startByPs(pid: number): string | undefined {
  try {
    const start = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
    return start.trim() || undefined;
  } catch {
    return undefined;
  }
}
