import uPlot from 'uplot';

import { languageNow } from '../i18n/i18n.ts';
import { colour, seriesColour } from './palette.ts';
import { tooltipPlugin } from './tooltip-plugin.ts';

export type ChartKind = 'line' | 'area' | 'bars';

/** Between two lines of an axis where halves mean nothing. */
const WHOLE_STEPS = [1, 2, 5]
  .flatMap((digit) => Array.from({ length: 13 }, (_, power) => digit * 10 ** power))
  .toSorted((a, b) => a - b);

export interface ChartSeries {
  readonly name: string;
  /** As many as there are times; null where nothing is known. */
  readonly values: readonly (number | null)[];
  /** A name of styles.css such as `bad`; by place where absent. */
  readonly colour?: string;
}

/** What may change while a chart stands. */
export interface ChartNow {
  readonly series: readonly ChartSeries[];
  readonly format: (value: number | null) => string;
  readonly onZoom: ((from: number, to: number) => void) | undefined;
}

interface ChartShape {
  readonly width: number;
  readonly height: number;
  readonly kind: ChartKind;
  /** What is counted is whole. */
  readonly whole?: boolean;
  readonly now: () => ChartNow;
}

const AXIS_FONT = '11px system-ui, sans-serif';
const SMALLEST_ZOOM_PX = 8;
const SOFT = '2e';
const X_AXIS_PX = 28;
const DAY_S = 86_400;
/** What stands for days has no hours between them. */
const DAY_STEPS = [1, 2, 3, 7, 14, 30, 90, 365].map((days) => days * DAY_S);

/** Stacked series are drawn from the top of the stack down, so that each covers what lies below it. */
export function stacked(times: readonly number[], series: readonly ChartSeries[], kind: ChartKind): uPlot.AlignedData {
  if (kind === 'line') return [times as number[], ...series.map(({ values }) => values as (number | null)[])];
  const sums = times.map(() => 0);
  const layers = series.map(({ values }) => values.map((value, at) => (sums[at] = (sums[at] ?? 0) + (value ?? 0))));
  return [times as number[], ...layers.toReversed()];
}

/** Where the series of this place in the chart's data stands in the caller's list. */
function placeOf(index: number, count: number, kind: ChartKind): number {
  return kind === 'line' ? index : count - 1 - index;
}

/** Points with nothing known before and after them. */
function lonely(plot: uPlot, index: number): number[] {
  const values = [...(plot.data[index] ?? [])];
  return values.flatMap((value, at) => {
    const isAlone = (values[at - 1] ?? null) === null && (values[at + 1] ?? null) === null;
    return (value ?? null) !== null && isAlone ? [at] : [];
  });
}

function drawnSeries({ kind, now }: ChartShape): uPlot.Series[] {
  const { series } = now();
  return series.map((_, index) => {
    const place = placeOf(index, series.length, kind);
    const named = series[place]?.colour;
    const stroke = named === undefined ? seriesColour(place) : colour(named);
    const bars = kind === 'bars' && uPlot.paths.bars ? { paths: uPlot.paths.bars({ size: [0.8, 40] }) } : {};
    return {
      label: series[place]?.name ?? '',
      stroke,
      width: kind === 'bars' ? 0 : 1.6,
      ...(kind === 'line' ? {} : { fill: kind === 'bars' ? stroke : `${stroke}${SOFT}` }),
      // A point between gaps has no line that would show it.
      points: kind === 'line' ? { size: 4, filter: lonely } : { show: false },
      ...bars,
    };
  });
}

/** Hours and days as the reader writes them, in the reader's time zone. */
function timeLabels(_: uPlot, splits: number[]): string[] {
  const language = languageNow() === 'zh' ? 'zh-CN' : 'en-GB';
  const step = (splits[1] ?? 0) - (splits[0] ?? 0);
  return splits.map((seconds) => {
    const date = new Date(seconds * 1000);
    const isDay = step >= 86_400 || (date.getHours() === 0 && date.getMinutes() === 0);
    return isDay
      ? date.toLocaleDateString(language, { month: 'short', day: 'numeric' })
      : date.toLocaleTimeString(language, { hour: '2-digit', minute: '2-digit' });
  });
}

/** How far the times lie apart; of a single one nothing is known. */
function stepOf(plot: uPlot): number {
  const [times] = plot.data;
  return times.length > 1 ? (times[1] ?? 0) - (times[0] ?? 0) : 3600;
}

/** Half a bar stands out at both ends. */
function barRange(plot: uPlot, from: number, to: number): [number, number] {
  const half = stepOf(plot) / 2;
  return [from - half, to + half];
}

function timeSteps(plot: uPlot): number[] {
  const steps = [60, 300, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, ...DAY_STEPS];
  return stepOf(plot) >= DAY_S * 0.9 ? DAY_STEPS : steps;
}

function axes({ now, whole = false }: ChartShape): uPlot.Axis[] {
  const shared = {
    stroke: colour('muted'),
    font: AXIS_FONT,
    grid: { stroke: colour('line'), width: 1 },
    ticks: { show: false },
  };
  return [
    { ...shared, grid: { show: false }, values: timeLabels, space: 70, size: X_AXIS_PX, incrs: timeSteps },
    {
      ...shared,
      size: 64,
      values: (_, splits) => splits.map((value) => now().format(value)),
      space: 36,
      ...(whole && { incrs: WHOLE_STEPS }),
    },
  ];
}

export function chartOptions(shape: ChartShape): uPlot.Options {
  const { width, height, kind, now } = shape;
  return {
    width,
    height,
    // The label of the last time stands out at the right.
    padding: [8, 24, 0, 0],
    legend: { show: false },
    series: [{}, ...drawnSeries(shape)],
    axes: axes(shape),
    scales: {
      ...(kind === 'bars' && { x: { range: barRange } }),
      y: { range: (_, __, most) => [0, most > 0 ? most * 1.08 : 1] },
    },
    cursor: { y: false, drag: { x: now().onZoom !== undefined, y: false, setScale: false } },
    plugins: [tooltipPlugin(now, (index, count) => placeOf(index, count, kind))],
    hooks: {
      setSelect: [
        (plot) => {
          const { left, width: drawn } = plot.select;
          if (drawn < SMALLEST_ZOOM_PX) return;
          const from = plot.posToVal(left, 'x') * 1000;
          now().onZoom?.(from, plot.posToVal(left + drawn, 'x') * 1000);
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        },
      ],
    },
  };
}
