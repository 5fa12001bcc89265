import { readFileSync } from 'node:fs';

import { treeCpuUs } from './sample.ts';

/** Hundredths of a second of all cores since the machine started. */
interface Ticks {
  readonly busy: number;
  readonly all: number;
}

const US_PER_TICK = 10_000;
/** From this share on, what others do decides the figures as well. */
const MUCH = 0.1;

/** The first line of `/proc/stat` (proc_stat(5)): user, nice, system, idle, iowait, irq, softirq, steal. */
export function parseTicks(stat: string): Ticks {
  const line = stat.slice(0, stat.indexOf('\n'));
  const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, ...rest] = line
    .trim()
    .split(/\s+/)
    .slice(1, 9)
    .map(Number);
  const busy = rest.reduce((sum, ticks) => sum + ticks, user + nice + system);
  return { busy, all: busy + idle + iowait };
}

/** How much of the machine was taken by others than this process and its children, since it was made. */
export class OtherWork {
  readonly #before = readTicks();
  readonly #ownBefore = treeCpuUs(process.pid);

  /** Of all cores; time that the host took from a virtual machine is in it. */
  share(): number {
    const now = readTicks();
    const own = (treeCpuUs(process.pid) - this.#ownBefore) / US_PER_TICK;
    return Math.max(0, (now.busy - this.#before.busy - own) / (now.all - this.#before.all));
  }
}

function readTicks(): Ticks {
  return parseTicks(readFileSync('/proc/stat', 'latin1'));
}

/** For whoever reads the figures. */
export function renderOtherWork(share: number): string {
  const said = `other work took ${(share * 100).toFixed(0)} % of the machine meanwhile`;
  return share > MUCH
    ? `${said}: figures are worse for it, those of large programs more than those of the floor`
    : said;
}
