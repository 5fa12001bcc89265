import type { Wanted } from '../pipeline/guards/moderation/calibration/sample.ts';
import { percent } from '../pipeline/guards/moderation/calibration/threshold.ts';
import type { Calibration, CalibrationRow } from './guards-calibration.ts';
import type { Thresholds } from './guards-scorers.ts';
import { textTable } from './text-table.ts';

/** Where the guard stands in the configuration. */
export interface GuardPlace {
  readonly policy: string;
  readonly guard: string;
}

const number = (value: number | undefined): string => (value === undefined ? '–' : String(value));
const share = (value: number | undefined): string => (value === undefined ? '–' : `${(value * 100).toFixed(2)} %`);

export function calibrationText(calibration: Calibration, wanted: Wanted, place: GuardPlace | undefined): string {
  const { rows, chosen, safe, harmful, isCascade } = calibration;
  const bound = 'at most';
  const problems = rows.flatMap(({ name, problem }) => (problem === undefined ? [] : [`${name}: ${problem}.`]));
  const notes = [...calibration.notes, ...problems];
  const head = isCascade
    ? [
        '',
        'pass',
        'block',
        'threshold',
        'recall',
        'false blocks',
        bound,
        'accuracy',
        'ended at first',
        'of safe',
        'passed at first',
        bound,
      ]
    : ['', 'threshold', 'recall', 'false blocks', bound, 'accuracy'];
  const cells = rows.map((row) => (isCascade ? cascadeCells(row) : plainCells(row)));
  return [
    `${safe + harmful} samples: ${safe} safe, ${harmful} harmful. "At most": with ${percent(wanted.confidence)} confidence.`,
    '',
    textTable(head, cells, 1),
    '',
    ...notes,
    ...(notes.length > 0 ? [''] : []),
    'To put into causeway.yaml:',
    '',
    yamlText(chosen, place),
  ].join('\n');
}

function plainCells({ name, thresholds, measured }: CalibrationRow): string[] {
  return [
    name,
    number(thresholds?.threshold),
    share(measured?.recall),
    share(measured?.falseBlock),
    share(measured?.falseBlockBound),
    share(measured?.accuracy),
  ];
}

function cascadeCells(row: CalibrationRow): string[] {
  const { name, thresholds, cascade } = row;
  const bounds = thresholds && 'pass' in thresholds ? thresholds : undefined;
  const [, threshold = '', ...shares] = plainCells(row);
  const stages = [cascade?.atFirst, cascade?.safeAtFirst, cascade?.falsePass, cascade?.falsePassBound];
  return [name, number(bounds?.pass), number(bounds?.block), threshold, ...shares, ...stages.map(share)];
}

/** The lines of causeway.yaml that set thresholds. */
function yamlText(thresholds: Thresholds, place: GuardPlace | undefined): string {
  if (!place) return linesOf(thresholds, 0).join('\n');
  const { policy, guard } = place;
  const isOwn = guard === 'keywords' || guard === 'injection';
  const path = isOwn ? ['guards', policy, guard] : ['guards', policy, 'judges', guard];
  const lines = path.map((key, depth) => `${'  '.repeat(depth)}${key}:`);
  return [...lines, ...linesOf(thresholds, path.length)].join('\n');
}

function linesOf(thresholds: Thresholds, depth: number): string[] {
  const indent = '  '.repeat(depth);
  const lines = [`${indent}threshold: ${thresholds.threshold}`];
  if (!('pass' in thresholds)) return lines;
  return [
    ...lines,
    `${indent}cascade:`,
    `${indent}  pass: ${thresholds.pass}`,
    `${indent}  block: ${thresholds.block}`,
  ];
}
