import type uPlot from 'uplot';

import { clockTime } from '../format/times.ts';
import type { ChartNow } from './chart-options.ts';

const GAP_PX = 12;

function row(swatch: string, name: string, value: string): HTMLElement {
  const line = document.createElement('div');
  line.className = 'flex items-center gap-2';
  const mark = document.createElement('span');
  mark.className = 'size-2 shrink-0 rounded-full';
  mark.style.background = swatch;
  const label = document.createElement('span');
  label.className = 'flex-1 truncate';
  label.textContent = name;
  const figure = document.createElement('span');
  figure.className = 'tabular-nums';
  figure.textContent = value;
  line.append(mark, label, figure);
  return line;
}

/** A small table at the pointer. Everything in it is set as text. */
export function tooltipPlugin(now: () => ChartNow, placeOf: (index: number, count: number) => number): uPlot.Plugin {
  const tip = document.createElement('div');
  tip.className =
    'pointer-events-none absolute z-20 hidden min-w-36 max-w-72 rounded-md border border-line bg-panel px-2.5 py-1.5 text-xs text-ink shadow-lg';

  function fill(plot: uPlot, at: number): void {
    const { series, format } = now();
    const title = document.createElement('div');
    title.className = 'mb-1 text-muted';
    title.textContent = clockTime((plot.data[0][at] ?? 0) * 1000);
    const rows = series.map(({ name, values }, place) => {
      const index = placeOf(place, series.length);
      const drawn = plot.series[index + 1];
      const stroke: unknown = typeof drawn?.stroke === 'function' ? drawn.stroke(plot, index + 1) : undefined;
      return row(typeof stroke === 'string' ? stroke : '', name, format(values[at] ?? null));
    });
    tip.replaceChildren(title, ...rows);
  }

  function move(plot: uPlot, left: number): void {
    const isRight = left > plot.over.clientWidth / 2;
    tip.style.left = isRight ? '' : `${left + GAP_PX}px`;
    tip.style.right = isRight ? `${plot.over.clientWidth - left + GAP_PX}px` : '';
    tip.style.top = '4px';
  }

  return {
    hooks: {
      init: (plot) => plot.over.append(tip),
      setCursor: (plot) => {
        const { idx, left } = plot.cursor;
        const isOver = typeof idx === 'number' && left !== undefined && left >= 0;
        tip.classList.toggle('hidden', !isOver);
        if (!isOver) return;
        fill(plot, idx);
        move(plot, left);
      },
    },
  };
}
