import { keepPreviousData } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, client } from '../../api/client.ts';
import { useSeesAll } from '../../api/session.ts';
import { useSearchState } from '../../shell/search-state.ts';
import { PageHeader } from '../../ui/page-header.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Note } from '../../ui/states.tsx';
import { useSubmit } from '../../ui/use-submit.ts';
import { NoPolicies } from './no-policies.tsx';
import { AGAINST, EXAMPLE_BODY, ENDPOINTS, type TryDraft, questionOf } from './question.ts';
import { useSafetyTabs } from './tabs.ts';
import { TryForm } from './try-form.tsx';
import { TryResult } from './try-result.tsx';
import type { Policy, TryAnswer } from './wire.ts';

/** A text against a policy, a model or a project; `?policy=…` says which, so that other pages can lead here. */
export function Page() {
  const { t } = useTranslation(['safety', 'common']);
  const seesAll = useSeesAll();
  return (
    <>
      <PageHeader title={t('title')} hint={t('tryHint')} pages={useSafetyTabs()} />
      {seesAll ? <WithPolicies /> : <Note>{t('scoped')}</Note>}
    </>
  );
}

function WithPolicies() {
  const policies = api.useQuery('get', '/admin/v1/guards', {}, { placeholderData: keepPreviousData });
  return (
    <QueryView query={policies}>
      {({ data }) => (data.length === 0 ? <NoPolicies /> : <Try policies={data} />)}
    </QueryView>
  );
}

function draftFor(policies: readonly Policy[], search: Readonly<Record<string, string>>): TryDraft {
  const against = AGAINST.find((one) => search[one] !== undefined) ?? 'policy';
  const usual = policies.find(({ name }) => name === 'default') ?? policies[0];
  return {
    side: 'input',
    against,
    name: search[against] ?? usual?.name ?? '',
    form: 'text',
    text: '',
    body: EXAMPLE_BODY,
    endpoint: ENDPOINTS[0],
    judges: false,
  };
}

/** What was tried, and what came of it. */
interface Tried {
  readonly draft: TryDraft;
  readonly answer: TryAnswer;
}

function Try({ policies }: { readonly policies: readonly Policy[] }) {
  const [search] = useSearchState();
  const [draft, setDraft] = useState<TryDraft>(() => draftFor(policies, search));
  const [tried, setTried] = useState<Tried>();
  const submit = useSubmit();
  const run = (): void => {
    void submit.submit(async () => {
      setTried(undefined);
      const { data } = await client.POST('/admin/v1/guards/try', { body: questionOf(draft) });
      if (data) setTried({ draft, answer: data });
    });
  };
  return (
    <div className="grid items-start gap-4 xl:grid-cols-[minmax(22rem,2fr)_minmax(0,3fr)]">
      <TryForm draft={draft} policies={policies} submit={submit} onChange={setDraft} onRun={run} />
      <TryResult tried={tried} isBusy={submit.busy} />
    </div>
  );
}
