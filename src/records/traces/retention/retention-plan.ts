import { DAY_MS } from '../../../core/units.ts';
import type { Partition } from '../partitions/partition-list-store.ts';

interface Bounds {
  /** Milliseconds. */
  readonly retention?: number | undefined;
  /** Bytes. */
  readonly maxSize?: number | undefined;
}

/** How long records are kept, and how much of them; a part of the settings of records. */
export interface RetentionSettings extends Bounds {
  readonly retention: number;
  readonly projects: ReadonlyMap<string, Bounds>;
}

export type DropReason = 'age' | 'size';

/** A day that has to go. */
export interface Drop {
  readonly partition: Partition;
  readonly reason: DropReason;
}

/**
 * Which days have to go. A day is older than the retention when all of it is. What has a size of its own is measured by
 * it, everything else together by the general one: of what is too large the oldest days go, never today, and days of
 * projects that say themselves how long they are kept only when no others are left.
 *
 * It is a function of what is there and what is wanted, so several who sweep at once want the same.
 */
export function planRetention(partitions: readonly Partition[], settings: RetentionSettings, now: number): Drop[] {
  const old = partitions.filter((one) => one.day + DAY_MS <= now - retentionOf(one, settings));
  const left = partitions.filter((one) => !old.includes(one));
  const large = [...bySize(left, settings)].flatMap(([maxSize, group]) => beyond(group, maxSize, settings, now));
  return [
    ...old.map((partition): Drop => ({ partition, reason: 'age' })),
    ...large.map((partition): Drop => ({ partition, reason: 'size' })),
  ];
}

function retentionOf({ retentionClass }: Partition, { retention, projects }: RetentionSettings): number {
  // A project that no longer has settings of its own is like all others.
  return projects.get(retentionClass)?.retention ?? retention;
}

function* bySize(
  partitions: readonly Partition[],
  { maxSize, projects }: RetentionSettings,
): Generator<readonly [maxSize: number, group: Partition[]]> {
  const own = new Set<string>();
  for (const [project, settings] of projects) {
    if (settings.maxSize === undefined) continue;
    own.add(project);
    yield [settings.maxSize, partitions.filter(({ retentionClass }) => retentionClass === project)];
  }
  if (maxSize !== undefined) yield [maxSize, partitions.filter(({ retentionClass }) => !own.has(retentionClass))];
}

function beyond(
  group: readonly Partition[],
  maxSize: number,
  { projects }: RetentionSettings,
  now: number,
): Partition[] {
  const today = now - (now % DAY_MS);
  const isPromised = ({ retentionClass }: Partition) => projects.get(retentionClass)?.retention !== undefined;
  const inOrder = group
    .filter(({ day }) => day < today)
    .toSorted((a, b) => Number(isPromised(a)) - Number(isPromised(b)) || a.day - b.day || a.name.localeCompare(b.name));
  let size = group.reduce((sum, { bytes }) => sum + bytes, 0);
  const drops: Partition[] = [];
  for (const partition of inOrder) {
    if (size <= maxSize) break;
    drops.push(partition);
    size -= partition.bytes;
  }
  return drops;
}
