import { useTranslation } from 'react-i18next';

import { duration } from '../../format/numbers.ts';
import { useSearchState } from '../../shell/search-state.ts';
import { classes } from '../../ui/classes.ts';
import { Panel } from '../../ui/panel.tsx';
import { known } from './badges.tsx';
import { SpanDetail } from './span-detail.tsx';
import type { Trace } from './trace-types.ts';
import { type Bar, waterfallOf } from './waterfall.ts';

const TONES: Readonly<Record<string, string>> = { ok: 'bg-accent', failed: 'bg-bad', aborted: 'bg-warn' };
const PERCENT = 100;
/** From here on no room is left for the end of the scale. */
const LATE = 0.7;
/** Thinner than this nobody sees it. */
const THINNEST = '3px';

/** Of several attempts the one that failed is what a trace is opened for. */
function firstChosen(bars: readonly Bar[]): string {
  return bars.find(({ kind, status }) => kind === 'attempt' && status !== 'ok')?.key ?? bars[0]?.key ?? '';
}

/** What was done for a request and when, and the detail of what is chosen. */
export function Timeline({ trace }: { readonly trace: Trace }) {
  const { t } = useTranslation('requests');
  const [search, change] = useSearchState();
  const { bars, totalMs, firstToken } = waterfallOf(trace);
  const asked = search['span'];
  const chosen = bars.find(({ key }) => key === asked) ?? bars.find(({ key }) => key === firstChosen(bars));
  return (
    <Panel title={t('timeline')} hint={t('timelineHint')}>
      <div className="relative">
        <Scale totalMs={totalMs} firstToken={firstToken} />
        <div role="listbox" aria-label={t('timeline')}>
          {bars.map((bar) => (
            <BarLine
              key={bar.key}
              bar={bar}
              firstToken={firstToken}
              isChosen={bar === chosen}
              onChoose={() => change({ span: bar.key })}
            />
          ))}
        </div>
      </div>
      {chosen === undefined ? null : <SpanDetail bar={chosen} trace={trace} />}
    </Panel>
  );
}

/** Names at the left, times at the right; the same for the scale and each line. */
const GRID = 'grid grid-cols-[7rem_minmax(0,1fr)_4rem] items-center gap-3 sm:grid-cols-[13rem_minmax(0,1fr)_4.5rem]';

function Scale({ totalMs, firstToken }: { readonly totalMs: number; readonly firstToken: number | undefined }) {
  const { t } = useTranslation('common');
  const isLeft = firstToken !== undefined && firstToken < 0.5;
  // There the two would lie on one another; the first line says the same time.
  const isLate = firstToken !== undefined && firstToken > LATE;
  return (
    <div className={classes(GRID, 'px-2 pb-1 text-[11px] text-muted')} aria-hidden>
      <span />
      <div className="relative flex h-4 justify-between">
        <span>0</span>
        {firstToken === undefined ? null : (
          <span
            className={classes(
              'absolute top-0 bg-panel px-1 font-medium whitespace-nowrap text-ink',
              isLeft ? '' : '-translate-x-full',
            )}
            style={{ left: `${firstToken * PERCENT}%` }}
          >
            {t('ttft')}
          </span>
        )}
        {isLate ? null : <span>{duration(totalMs)}</span>}
      </div>
      <span />
    </div>
  );
}

interface BarLineProps {
  readonly bar: Bar;
  readonly firstToken: number | undefined;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}

function BarLine({ bar, firstToken, isChosen, onChoose }: BarLineProps) {
  const { t } = useTranslation('requests');
  const kinds = t('kind', { returnObjects: true });
  const kind = known(kinds, bar.kind);
  const isRequest = bar.kind === 'request';
  return (
    <button
      type="button"
      role="option"
      aria-selected={isChosen}
      onClick={onChoose}
      className={classes(GRID, 'w-full rounded px-2 py-1 text-left', isChosen ? 'bg-accent-soft' : 'hover:bg-raised')}
    >
      <span className="min-w-0 truncate text-[13px]" title={bar.name}>
        <span className="mr-1.5 text-xs text-muted">{kind === undefined ? bar.kind : kinds[kind]}</span>
        {isRequest ? null : bar.name}
      </span>
      <span className="relative block h-4">
        <span
          className={classes(
            'absolute top-1 h-2 rounded-sm',
            TONES[bar.status] ?? 'bg-accent',
            isRequest && 'opacity-40',
          )}
          style={{
            left: `min(${bar.left * PERCENT}%, calc(100% - ${THINNEST}))`,
            width: `max(${bar.width * PERCENT}%, ${THINNEST})`,
          }}
        />
        {firstToken === undefined ? null : (
          <span
            className="absolute -top-1 -bottom-1 w-px bg-strong-line"
            style={{ left: `${firstToken * PERCENT}%` }}
          />
        )}
      </span>
      <span className="text-right text-xs text-muted tabular-nums">{duration(bar.durationMs)}</span>
    </button>
  );
}
