import { useTranslation } from 'react-i18next';

import { useKnownProjects } from '../../api/facets.ts';
import { Field, Input, Select, TextArea } from '../../ui/field.tsx';
import { SuggestInput } from '../../ui/suggest-input.tsx';
import { changeBench, useBench } from './bench.ts';
import type { Headers } from './draft.ts';
import { Folding } from './folding.tsx';
import { useWrong } from './wrong-words.ts';

const CACHE_MODES = ['bypass', 'refresh', 'only'] as const;
const PREFERENCES = ['latency', 'cost', 'quality'] as const;

/** As whom it is sent, and what the gateway is told beside the body. */
export function SendingPanel() {
  const { t } = useTranslation('playground');
  const { project, headers } = useBench();
  const wrong = useWrong('header');
  const wrongMetadata = useWrong('metadata');
  const change = (part: Partial<Headers>): void => changeBench({ headers: { ...headers, ...part } });
  return (
    <Folding title={t('sending')} note={project} open={wrong !== undefined || wrongMetadata !== undefined}>
      <Field label={t('project', { ns: 'common' })} hint={t('projectHint')}>
        <SuggestInput
          suggestions={useKnownProjects()}
          value={project}
          maxLength={200}
          onChange={({ target }) => changeBench({ project: target.value })}
        />
      </Field>
      <Field label="x-causeway-user" hint={t('userHeaderHint')}>
        <Input value={headers.user} onChange={({ target }) => change({ user: target.value })} />
      </Field>
      <Field label="x-causeway-conversation">
        <Input value={headers.conversation} onChange={({ target }) => change({ conversation: target.value })} />
      </Field>
      <div className="grid gap-3 sm:grid-cols-2">
        <Field label="x-causeway-cache">
          <Select value={headers.cache} onChange={({ target }) => change({ cache: target.value })}>
            <option value="">{t('cacheUsual')}</option>
            {CACHE_MODES.map((mode) => (
              <option key={mode} value={mode}>
                {t(`cache_${mode}`)}
              </option>
            ))}
          </Select>
        </Field>
        <Field label="x-causeway-prefer">
          <Select value={headers.prefer} onChange={({ target }) => change({ prefer: target.value })}>
            <option value="">{t('preferUsual')}</option>
            {PREFERENCES.map((preference) => (
              <option key={preference} value={preference}>
                {t(`prefer_${preference}`)}
              </option>
            ))}
          </Select>
        </Field>
      </div>
      <Field label="x-causeway-cache-tags">
        <Input
          value={headers.cacheTags}
          placeholder="faq, doc-12"
          onChange={({ target }) => change({ cacheTags: target.value })}
        />
      </Field>
      <Field label="x-causeway-metadata" error={wrongMetadata}>
        <TextArea
          rows={2}
          className="font-mono text-xs"
          placeholder={'{"team": "search"}'}
          value={headers.metadata}
          onChange={({ target }) => change({ metadata: target.value })}
        />
      </Field>
      {wrong === undefined ? null : <p className="text-xs text-bad">{wrong}</p>}
    </Folding>
  );
}
