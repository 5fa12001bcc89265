import { Play, Plus, Square } from 'lucide-react';
import { useEffect, useLayoutEffect } from 'react';
import { useTranslation } from 'react-i18next';

import { useMay, useSession } from '../../api/session.ts';
import { Button } from '../../ui/button.tsx';
import { classes } from '../../ui/classes.ts';
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
  // Before the effects of what stands on the page: a trace that is known already is filled in by one of them.
  useLayoutEffect(() => {
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
        <Button kind="primary" aria-keyshortcuts="Control+Enter Meta+Enter" onClick={() => void runAll()}>
          <Play aria-hidden />
          {columns.length === 1 ? t('run') : t('runAll', { count: columns.length })}
          <kbd aria-hidden className="hidden font-sans text-xs font-normal sm:inline">
            {t('runShortcut')}
          </kbd>
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
      <div
        className={classes(
          'grid items-start gap-4',
          columns.length === 1
            ? 'lg:grid-cols-[minmax(20rem,26rem)_minmax(0,1fr)]'
            : 'lg:grid-cols-[20rem_minmax(0,1fr)]',
        )}
      >
        <div className="min-w-0 space-y-4">
          <PromptPanel />
          <ToolsPanel />
          <SendingPanel />
        </div>
        <div className="min-w-0 space-y-4">
          <section
            aria-label={t('answers')}
            // As many side by side as have space; the others below, so that none is cut.
            className="grid grid-cols-[repeat(auto-fit,minmax(min(16rem,100%),1fr))] gap-4"
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
