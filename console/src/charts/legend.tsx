import { useTheme } from '../shell/theme.ts';
import type { ChartSeries } from './chart-options.ts';
import { colour, seriesColour } from './palette.ts';

/** Which colour is what, beside a chart. */
export function Legend({ series }: { readonly series: readonly Pick<ChartSeries, 'name' | 'colour'>[] }) {
  useTheme();
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1 text-xs text-muted">
      {series.map(({ name, colour: named }, place) => (
        <li key={name} className="flex items-center gap-1.5">
          <span
            aria-hidden
            className="size-2 rounded-full"
            style={{ background: named === undefined ? seriesColour(place) : colour(named) }}
          />
          <span className="max-w-48 truncate">{name}</span>
        </li>
      ))}
    </ul>
  );
}
