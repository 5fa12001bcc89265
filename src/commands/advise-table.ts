import type { EvaluationView } from '../work/advise/advice-view.ts';
import { textTable } from './text-table.ts';

/** More is more than anybody reads. */
const MOST_ROWS = 12;

export interface PoliciesTextOptions {
  readonly chosen: EvaluationView | null;
  /** What the requests cost as they were, dollars. */
  readonly cost: number;
  /** All of them, each in a row of its own. */
  readonly all: boolean;
}

interface Row {
  readonly view: EvaluationView;
  readonly cells: readonly string[];
  /** Policies of which every figure is the same. */
  alike: number;
}

/** The policies that were compared, the cheapest first. */
export function policiesText(policies: readonly EvaluationView[], { chosen, cost, all }: PoliciesTextOptions): string {
  const rows = policies.map((view): Row => ({ view, cells: cellsOf(view, cost), alike: 0 }));
  const shown = all ? rows : those(folded(rows, chosen), chosen);
  const table = textTable(HEAD, shown.map(lineOf), 1);
  const left = rows.length - shown.reduce((sum, { alike }) => sum + 1 + alike, 0);
  return left === 0 ? table : `${table}\n${left} more with --all, or with --json.`;
}

const HEAD = ['policy', 'cost', 'saves', 'moved', 'quality, points', 'errors', 'median', ''];

/** Some policies are measured on a part of the requests: their cost is told for all. */
function cellsOf(view: EvaluationView, cost: number): string[] {
  return [
    `$${(cost * (1 - view.saving.value)).toFixed(4)}`,
    figure(view.saving),
    percent(view.moved),
    view.quality === null ? 'unknown' : view.quality_labels === 0 ? 'the same' : pointsOf(view.quality),
    view.error_share === null ? 'unknown' : percent(view.error_share),
    view.median_latency_ms === null ? 'unknown' : `${view.median_latency_ms.toFixed(0)} ms`,
    view.assumed ? 'assumed' : '',
  ];
}

function lineOf({ view, cells, alike }: Row): string[] {
  return [alike === 0 ? view.policy : `${view.policy} (and ${alike} alike)`, ...cells];
}

/** One for all that have the same figures: the chosen one, else a usual one, else the first. */
function folded(rows: readonly Row[], chosen: EvaluationView | null): Row[] {
  const byFigures = new Map<string, Row>();
  for (const row of rows) {
    const name = JSON.stringify(row.cells);
    const known = byFigures.get(name);
    const alike = known ? known.alike + 1 : 0;
    const isFirst = !known || rankOf(row, chosen) < rankOf(known, chosen);
    byFigures.set(name, { ...(isFirst ? row : known), alike });
  }
  return [...byFigures.values()];
}

/** In their order; the chosen one and the usual ones are never left out for others. */
function those(rows: readonly Row[], chosen: EvaluationView | null): Row[] {
  const first = new Set(rows.toSorted((a, b) => rankOf(a, chosen) - rankOf(b, chosen)).slice(0, MOST_ROWS));
  return rows.filter((row) => first.has(row));
}

function rankOf({ view }: Row, chosen: EvaluationView | null): number {
  return view.policy === chosen?.policy ? 0 : view.usual ? 1 : 2;
}

export function figure({ value, low, high }: EvaluationView['saving']): string {
  return `${percent(value)} (${percent(low)} to ${percent(high)})`;
}

function pointsOf({ value, low, high }: EvaluationView['saving']): string {
  const [told, from, to] = [value, low, high].map((part) => (part * 100).toFixed(1));
  return `${told} (${from} to ${to})`;
}

export function percent(part: number): string {
  return `${(part * 100).toFixed(1)} %`;
}
