import { MACHINE_ROWS } from './machine-rows.ts';
import { MONEY_ROWS } from './money-rows.ts';
import type { Panel, Row } from './panel.ts';
import { TRAFFIC_ROWS } from './traffic-rows.ts';

/**
 * `deploy/grafana/causeway.json`, made of rows of panels. Grafana's own file says each thing many times over; here each
 * panel is its title, its unit and its queries.
 */
const ROWS: readonly Row[] = [...TRAFFIC_ROWS, ...MONEY_ROWS, ...MACHINE_ROWS];

const GRID = 24;
const HEIGHT = { lines: 8, number: 4 } as const;
const WIDTH = { lines: 8, number: 4 } as const;

const DATASOURCE = { type: 'prometheus', uid: '${datasource}' } as const;

/** As Grafana reads it (schema 39: Grafana 10.3 and later). */
export function dashboard(): object {
  const panels: object[] = [];
  let y = 0;
  for (const { title, panels: shown } of ROWS) {
    panels.push({
      id: panels.length + 1,
      type: 'row',
      title,
      collapsed: false,
      panels: [],
      gridPos: { h: 1, w: GRID, x: 0, y },
    });
    y += 1;
    let [x, height] = [0, 0];
    for (const panel of shown) {
      const kind = panel.kind ?? 'lines';
      if (x + WIDTH[kind] > GRID) {
        y += height;
        [x, height] = [0, 0];
      }
      const gridPos = { h: HEIGHT[kind], w: WIDTH[kind], x, y };
      panels.push(panelJson(panel, panels.length + 1, gridPos));
      x += WIDTH[kind];
      height = Math.max(height, HEIGHT[kind]);
    }
    y += height;
  }
  return {
    uid: 'causeway',
    title: 'Causeway',
    description: 'Requests, latency, cost, resilience, limits, objectives and processes of Causeway.',
    tags: ['causeway', 'llm'],
    schemaVersion: 39,
    editable: true,
    refresh: '30s',
    time: { from: 'now-3h', to: 'now' },
    templating: { list: VARIABLES },
    annotations: { list: [ALERTS] },
    panels,
  };
}

const VARIABLES = [
  { name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus', hide: 0 },
  variable('job', 'label_values(causeway_build_info, job)'),
  variable('instance', 'label_values(causeway_build_info{job=~"$job"}, instance)'),
  variable('model', 'label_values(llm_requests_total{job=~"$job", instance=~"$instance"}, model)'),
];

/** Where alerts of deploy/prometheus fired. */
const ALERTS = {
  name: 'Alerts',
  datasource: DATASOURCE,
  enable: true,
  iconColor: 'red',
  expr: 'ALERTS{alertname=~"Causeway.*", alertstate="firing"}',
  titleFormat: '{{alertname}}',
  textFormat: '{{model}}{{target}}{{provider}}',
};

function variable(name: string, query: string): object {
  return {
    name,
    type: 'query',
    datasource: DATASOURCE,
    query: { query, refId: name },
    refresh: 2,
    multi: true,
    includeAll: true,
    allValue: '.*',
    current: { text: 'All', value: '$__all' },
    sort: 1,
  };
}

function panelJson({ title, unit, queries, kind, note, stacked }: Panel, id: number, gridPos: object): object {
  const targets = queries.map(([expr, legendFormat], at) => ({
    refId: String.fromCodePoint(65 + at),
    datasource: DATASOURCE,
    expr,
    legendFormat: legendFormat === '' ? '__auto' : legendFormat,
    ...(kind === 'number' ? { instant: true } : {}),
  }));
  const common = {
    id,
    title,
    ...(note !== undefined && { description: note }),
    datasource: DATASOURCE,
    gridPos,
    targets,
  };
  if (kind === 'number') {
    return { ...common, type: 'stat', fieldConfig: { defaults: { unit }, overrides: [] }, options: STAT };
  }
  const custom = stacked === true ? { fillOpacity: 30, stacking: { mode: 'normal', group: 'A' } } : { fillOpacity: 5 };
  const fieldConfig = { defaults: { unit, custom: { ...custom, axisSoftMin: 0 } }, overrides: [] };
  return { ...common, type: 'timeseries', fieldConfig, options: LINES };
}

const STAT = {
  reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
  graphMode: 'area',
  colorMode: 'none',
};
const LINES = {
  legend: { displayMode: 'list', placement: 'bottom', showLegend: true },
  tooltip: { mode: 'multi', sort: 'desc' },
};
