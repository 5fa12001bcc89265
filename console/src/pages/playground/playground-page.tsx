import { Play, Plus, Square } from 'lucide-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';

import { useMay, useSession } from '../../api/session.ts';
import { Button } from '../../ui/button.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Empty } from '../../ui/states.tsx';
import { MOST_COLUMNS, addColumn, clearBench, openBench, runAll, stopRuns, useBench } from './bench.ts';
import { ColumnView } from './column-view.tsx';
import { HistoryPanel } from './history-panel.tsx';
import { OriginNote } from './origin-note.tsx';
import { PromptPanel } from './prompt-panel.tsx';
import { SendingPanel } from './sending-panel.tsx';
import { ToolsPanel } from './tools-panel.tsx';
import { useKnownModels } from './known-models.ts';

/** Asks models as an application would, side by side. `?trace=` begins with a recorded request. */
export function Page() {
  const { t } = useTranslation('playground');
  const mayRun = useMay('editor');
  const name = useSession().data?.name;
  useEffect(() => {
    if (name !== undefined) openBench(name);
  }, [name]);
  return (
    <>
      <PageHeader title={t('title')} hint={t('hint')} actions={mayRun ? <RunButtons /> : undefined} />
      {mayRun ? (
        <Workbench />
      ) : (
        <Panel>
          <Empty title={t('needsRole', { ns: 'common', role: 'editor' })}>{t('whyEditor')}</Empty>
        </Panel>
      )}
    </>
  );
}

function RunButtons() {
  const { t } = useTranslation('playground');
  const { runs, columns } = useBench();
  const isRunning = Object.values(runs).some(({ state }) => state === 'running');
  return (
    <>
      <Button kind="quiet" onClick={clearBench}>
        {t('clear')}
      </Button>
      <Button disabled={columns.length >= MOST_COLUMNS} onClick={addColumn}>
        <Plus aria-hidden />
        {t('addColumn')}
      </Button>
      {isRunning ? (
        <Button kind="danger" onClick={stopRuns}>
          <Square aria-hidden />
          {t('stop')}
        </Button>
      ) : (
        <Button kind="primary" title={t('runShortcut')} onClick={() => void runAll()}>
          <Play aria-hidden />
          {columns.length === 1 ? t('run') : t('runAll', { count: columns.length })}
        </Button>
      )}
    </>
  );
}

/** Wherever one types: Ctrl+Enter, or Cmd+Enter. */
function runByKeys(event: KeyboardEvent): void {
  if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  void runAll();
}

function Workbench() {
  const { t } = useTranslation('playground');
  const { columns } = useBench();
  const models = useKnownModels();
  useEffect(() => {
    document.addEventListener('keydown', runByKeys);
    return () => document.removeEventListener('keydown', runByKeys);
  }, []);
  return (
    <div className="space-y-4">
      <OriginNote />
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(20rem,26rem)_minmax(0,1fr)]">
        <div className="min-w-0 space-y-4">
          <PromptPanel />
          <ToolsPanel />
          <SendingPanel />
        </div>
        <div className="min-w-0 space-y-4">
          <section
            aria-label={t('answers')}
            tabIndex={0}
            className="-m-0.5 grid auto-cols-[minmax(min(19rem,100%),1fr)] grid-flow-col gap-4 overflow-x-auto p-0.5"
          >
            {columns.map((column) => (
              <ColumnView key={column.key} column={column} models={models} />
            ))}
          </section>
          <HistoryPanel />
        </div>
      </div>
    </div>
  );
}
