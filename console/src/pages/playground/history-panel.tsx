import { useTranslation } from 'react-i18next';

import { duration } from '../../format/numbers.ts';
import { Button } from '../../ui/button.tsx';
import { Time } from '../../ui/figures.tsx';
import { Panel } from '../../ui/panel.tsx';
import { type HistoryEntry, recall, useBench } from './bench.ts';

/** More of it than a line shows is not put on the page: prompts may be very long. */
const MOST_SAID = 200;

/** What was asked since the page was opened. */
export function HistoryPanel() {
  const { t } = useTranslation('playground');
  const { history } = useBench();
  if (history.length === 0) return null;
  return (
    <Panel title={t('history')} hint={t('historyHint')} flush>
      <ul className="max-h-80 divide-y divide-line/70 overflow-y-auto" tabIndex={0} aria-label={t('history')}>
        {history.map((entry) => (
          <li key={entry.at}>
            <Entry entry={entry} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Entry({ entry }: { readonly entry: HistoryEntry }) {
  const { t } = useTranslation('playground');
  const said = entry.prompt.turns.findLast(({ role }) => role === 'user')?.text.slice(0, MOST_SAID) ?? '';
  const times = entry.runs.map(({ run, column }) => `${column.model} ${duration(run.totalMs)}`);
  return (
    <div className="flex items-center gap-3 px-4 py-2 text-[13px]">
      <span className="shrink-0 text-xs text-muted tabular-nums">
        <Time at={new Date(entry.at).toISOString()} />
      </span>
      <span className="min-w-0 flex-1 truncate">{said}</span>
      <span className="hidden min-w-0 max-w-72 truncate text-xs text-muted sm:block">{times.join(' · ')}</span>
      <Button size="small" kind="quiet" onClick={() => recall(entry)}>
        {t('recall')}
      </Button>
    </div>
  );
}
