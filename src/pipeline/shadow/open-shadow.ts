import type { Call } from '../../core/call.ts';
import type { CallRecord, CallTexts } from '../../records/journal/record.ts';
import type { Shadows } from './definition.ts';
import { Mirror, type MirrorDeps } from './mirror.ts';
import { type ShadowRouteDeps, shadowRoutes } from './routes.ts';
import { Tallies, type TallyDeps } from './tallies.ts';

export interface ShadowDeps
  extends Omit<MirrorDeps, 'tallies' | 'shadows'>, Omit<ShadowRouteDeps, 'tallies' | 'shadows'> {
  readonly shadows: Shadows;
  readonly tallying: Omit<TallyDeps, 'scheduler' | 'current'>;
}

/** Shadow traffic, with all that is shown of it. */
export interface Shadow {
  /** A request has ended; for the recorder. Never throws, and does next to nothing now. */
  observe(record: CallRecord, call: Call, texts: Pick<CallTexts, 'output'>): void;
  readonly routes: ReturnType<typeof shadowRoutes>;
  /** How many requests are mirrored now. */
  underWay(): number;
  /** Gives up what is under way, and writes down what was seen. */
  close(): Promise<void>;
}

export function openShadow(deps: ShadowDeps): Shadow {
  const tallies = new Tallies({ ...deps.tallying, current: () => deps.shadows.all(), scheduler: deps.scheduler });
  const mirror = new Mirror({ ...deps, tallies });
  return {
    observe: (record, call, texts) => mirror.observe(record, call, texts),
    routes: shadowRoutes({ ...deps, tallies }),
    underWay: () => mirror.underWay,
    async close() {
      await mirror.close();
      await tallies.close();
    },
  };
}
