import { useTranslation } from 'react-i18next';

import { useSearchState } from '../../shell/search-state.ts';
import { Code, Json } from '../../ui/code.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Segments } from '../../ui/segments.tsx';
import { Note } from '../../ui/states.tsx';
import { type Message, readInput, readOutput } from './messages.ts';
import { Talk } from './talk.tsx';
import { isRecord } from '../../format/is-record.ts';
import type { Trace } from './trace-types.ts';

type View = 'talk' | 'raw';

/** Input and output, as a conversation where they are one, else as they stand. */
export function TextsPanel({ trace }: { readonly trace: Trace }) {
  const { t } = useTranslation('requests');
  const [search, change] = useSearchState();
  const view: View = search['view'] === 'raw' ? 'raw' : 'talk';
  const choose = (
    <Segments<View>
      label={t('messages')}
      value={view}
      choices={[
        ['talk', t('viewTalk')],
        ['raw', t('viewRaw')],
      ]}
      onChange={(next) => change({ view: next === 'talk' ? undefined : next })}
    />
  );
  const isTalk = view === 'talk';
  return (
    <Panel title={t('messages')} actions={choose}>
      <div className="space-y-4">
        <TextSide
          title={t('input')}
          none={t('noInput')}
          body={trace.input}
          messages={isTalk ? readInput(trace.input) : undefined}
        />
        <TextSide
          title={t('output')}
          none={t('noOutput')}
          body={trace.output}
          messages={isTalk ? readOutput(trace.output) : undefined}
        />
      </div>
    </Panel>
  );
}

interface TextSideProps {
  readonly title: string;
  /** Where nothing was kept. */
  readonly none: string;
  readonly body: unknown;
  readonly messages: readonly Message[] | undefined;
}

export function TextSide({ title, none, body, messages }: TextSideProps) {
  return (
    <section className="min-w-0">
      <h3 className="mb-1.5 text-xs font-semibold tracking-wide text-muted uppercase">{title}</h3>
      <BodyView none={none} body={body} messages={messages} />
    </section>
  );
}

function BodyView({ none, body, messages }: Omit<TextSideProps, 'title'>) {
  const { t } = useTranslation('requests');
  if (body === null || body === undefined) return <p className="text-[13px] text-muted">{none}</p>;
  if (messages) return <Talk messages={messages} />;
  if (typeof body === 'string') {
    return (
      <div className="space-y-2">
        <Note tone="warn">{t('bodyCut')}</Note>
        <Code text={body} wrap />
      </div>
    );
  }
  const isHash = isRecord(body) && typeof body['sha256'] === 'string' && typeof body['bytes'] === 'number';
  return (
    <div className="space-y-2">
      {isHash ? <Note>{t('bodyHashed')}</Note> : null}
      <Json value={body} />
    </div>
  );
}
