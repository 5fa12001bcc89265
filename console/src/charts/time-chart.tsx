import { useEffect, useLayoutEffect, useMemo, useRef } from 'react';
import uPlot from 'uplot';

import { useTheme } from '../shell/theme.ts';
import { classes } from '../ui/classes.ts';
import { type ChartKind, type ChartSeries, chartOptions, stacked } from './chart-options.ts';

interface TimeChartProps {
  /** Says what is drawn to those who cannot see it. */
  readonly label: string;
  /** Seconds since 1970, ascending. */
  readonly times: readonly number[];
  readonly series: readonly ChartSeries[];
  /** How values are written on the axis and under the pointer. */
  readonly format: (value: number | null) => string;
  readonly kind?: ChartKind;
  /** The values are counts: no line of the axis stands between two of them. */
  readonly whole?: boolean;
  readonly height?: number;
  /** A stretch was drawn over with the pointer: milliseconds. */
  readonly onZoom?: (from: number, to: number) => void;
  readonly className?: string;
}

/** Values over time: lines, or bars and areas on top of each other. Thousands of points are no burden. */
export function TimeChart(props: TimeChartProps) {
  const { label, times, series, format, kind = 'line', whole = false, height = 200, onZoom, className } = props;
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(null);
  const theme = useTheme();
  const data = useMemo(() => stacked(times, series, kind), [times, series, kind]);
  // A new chart only where its shape changes; new figures go into the one that is there.
  const shape = JSON.stringify([series.map(({ name, colour }) => [name, colour]), kind, whole, height, theme]);
  const latest = useRef({ series, format, onZoom, data });
  useLayoutEffect(() => {
    latest.current = { series, format, onZoom, data };
  }, [series, format, onZoom, data]);

  useEffect(() => {
    const place = box.current;
    if (!place) return undefined;
    const options = chartOptions({ width: place.clientWidth, height, kind, whole, now: () => latest.current });
    const made = new uPlot(options, latest.current.data, place);
    plot.current = made;
    const watch = new ResizeObserver(() => made.setSize({ width: place.clientWidth, height }));
    watch.observe(place);
    return () => {
      watch.disconnect();
      made.destroy();
    };
  }, [shape, kind, whole, height]);

  useEffect(() => plot.current?.setData(data), [data]);

  return (
    <figure className={classes('min-w-0', className)}>
      <div ref={box} role="img" aria-label={label} className="min-w-0" style={{ minHeight: height }} />
    </figure>
  );
}
