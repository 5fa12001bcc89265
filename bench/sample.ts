import { readFileSync, readdirSync } from 'node:fs';

import type { Child } from './child.ts';

/** What a process and its children, and its database, have used since they started. */
export interface Sample {
  readonly threadCpuUs: number;
  /** All threads of all processes. */
  readonly treeCpuUs: number;
  readonly rssBytes: number;
}

/** Linux reports process times to programs in hundredths of a second, whatever its own tick. */
const US_PER_TICK = 10_000;

interface ProcessStat {
  readonly parent: number;
  readonly ticks: number;
}

/** A process may end between listing and reading. */
function readProc(path: string): string | undefined {
  try {
    return readFileSync(`/proc/${path}`, 'latin1');
  } catch {
    return undefined;
  }
}

/** Its own time and that of its children that have ended, so that the sum over a tree never goes back. */
function parseStat(text: string): ProcessStat {
  // The name, in parentheses, may hold anything; the numbered fields follow it (proc_pid_stat(5), 3 = state).
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const field = (number: number): number => Number(fields[number - 3]);
  return { parent: field(4), ticks: field(14) + field(15) + field(16) + field(17) };
}

function allStats(): Map<number, ProcessStat> {
  const stats = new Map<number, ProcessStat>();
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const text = readProc(`${entry}/stat`);
    if (text !== undefined) stats.set(Number(entry), parseStat(text));
  }
  return stats;
}

function treeOf(root: number, stats: ReadonlyMap<number, ProcessStat>): number[] {
  const tree = [root];
  for (const pid of tree) {
    for (const [child, { parent }] of stats) if (parent === pid) tree.push(child);
  }
  return tree;
}

function rssBytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readProc(`${pid}/status`) ?? '')?.[1] ?? '0';
  return Number(kilobytes) * 1024;
}

/** CPU of a process and of all its children since it started, those that have ended included. */
export function treeCpuUs(pid: number): number {
  const stats = allStats();
  return treeOf(pid, stats).reduce((sum, each) => sum + (stats.get(each)?.ticks ?? 0), 0) * US_PER_TICK;
}

/**
 * Asks the probe for the thread and the kernel for the tree, as near in time as can be.
 * @param databasePid of a database that is no child of the process: its CPU counts, its memory does not
 */
export async function takeSample(child: Child, databasePid?: number): Promise<Sample> {
  const { threadCpuUs } = await child.ask('sample');
  const stats = allStats();
  const tree = treeOf(child.pid, stats);
  const working = databasePid === undefined ? tree : [...tree, ...treeOf(databasePid, stats)];
  return {
    threadCpuUs,
    treeCpuUs: working.reduce((sum, pid) => sum + (stats.get(pid)?.ticks ?? 0), 0) * US_PER_TICK,
    rssBytes: tree.reduce((sum, pid) => sum + rssBytes(pid), 0),
  };
}
