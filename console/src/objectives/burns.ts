import type { paths } from '../api/schema.gen.ts';

export type Objective =
  paths['/admin/v1/objectives']['get']['responses']['200']['content']['application/json']['data'][number];

const LOW = 0.25;
/** The long windows by which it is judged whether a budget burns too fast. */
const WINDOWS = ['1h', '6h', '3d'] as const;

/** What is left of an error budget; nothing is known of it where null. */
export function toneOf(left: number | null): 'accent' | 'warn' | 'bad' {
  if (left === null || left > LOW) return 'accent';
  return left > 0 ? 'warn' : 'bad';
}

export interface Burn {
  readonly window: string;
  /** Of as fast as the objective allows: `0.4`, `14`. */
  readonly times: string;
}

/** How fast a budget is used up, over the windows of which something is known. */
export function burnsOf({ burn }: Pick<Objective, 'burn'>): Burn[] {
  return WINDOWS.flatMap((window) => {
    const times = burn[window];
    return times === undefined || times === null ? [] : [{ window, times: times.toFixed(times < 10 ? 1 : 0) }];
  });
}
