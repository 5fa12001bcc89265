import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { classes } from '../../ui/classes.ts';
import { Panel } from '../../ui/panel.tsx';
import { Switch } from '../../ui/switch.tsx';
import { type DiffLine, type Piece, diffLines } from './diff.ts';
import { type ShownLine, folded } from './folded.ts';
import { placed } from './placed.ts';

interface DiffPanelProps {
  readonly title: string;
  readonly left: string;
  readonly right: string;
  /** What is said where there is no difference. */
  readonly same: string;
}

/** Two texts side by side, with what differs marked. */
export function DiffPanel({ title, left, right, same }: DiffPanelProps) {
  const { t } = useTranslation('requests');
  const [isFolded, setFolded] = useState(true);
  const lines = useMemo(() => diffLines(left, right), [left, right]);
  if (left === right) {
    return (
      <Panel title={title}>
        <p className="text-[13px] text-muted">{same}</p>
      </Panel>
    );
  }
  const shown: readonly ShownLine[] = isFolded ? folded(lines) : lines;
  const choose = <Switch label={t('onlyDifferences')} checked={isFolded} onChange={setFolded} />;
  return (
    <Panel title={title} actions={choose} flush>
      <div className="overflow-x-auto border-t border-line" tabIndex={0} role="group" aria-label={title}>
        <div className="min-w-[40rem] font-mono text-xs leading-relaxed">
          {placed(shown).map(({ key, item: line }) => (
            <Line key={key} line={line} />
          ))}
        </div>
      </div>
    </Panel>
  );
}

function Line({ line }: { readonly line: ShownLine }) {
  const { t } = useTranslation('requests');
  if (line.kind === 'fold') {
    return <div className="bg-raised px-3 py-0.5 text-center text-muted">{t('unchanged', { count: line.count })}</div>;
  }
  return (
    <div className="grid grid-cols-2">
      <Side line={line} pieces={line.left} tone="bg-bad-soft" mark="bg-bad/25" />
      <Side line={line} pieces={line.right} tone="bg-good-soft" mark="bg-good/25" />
    </div>
  );
}

interface SideProps {
  readonly line: DiffLine;
  readonly pieces: readonly Piece[] | undefined;
  readonly tone: string;
  readonly mark: string;
}

function Side({ line, pieces, tone, mark }: SideProps) {
  const isChanged = line.kind === 'changed' && pieces !== undefined;
  return (
    <div
      className={classes(
        'min-h-5 min-w-0 border-r border-line px-3 py-0.5 break-words whitespace-pre-wrap last:border-r-0',
        isChanged && tone,
        pieces === undefined && 'bg-raised',
      )}
    >
      {placed(pieces ?? []).map(({ key, item: { kind, text } }) =>
        kind === 'same' ? (
          <span key={key}>{text}</span>
        ) : (
          <mark key={key} className={classes('rounded-sm text-ink', mark)}>
            {text}
          </mark>
        ),
      )}
    </div>
  );
}
