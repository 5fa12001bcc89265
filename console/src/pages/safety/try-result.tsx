import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { Badge, type Tone } from '../../ui/badge.tsx';
import { Code, Json } from '../../ui/code.tsx';
import { Panel } from '../../ui/panel.tsx';
import { RowsSkeleton } from '../../ui/skeleton.tsx';
import { Empty, Note } from '../../ui/states.tsx';
import { known } from '../requests/badges.tsx';
import { FoundList } from './found-list.tsx';
import { foundByText, textAtPointer } from './marks.ts';
import { type TryDraft, isWhole, requestIn } from './question.ts';
import { TryVerdicts } from './try-verdicts.tsx';
import type { TryAnswer } from './wire.ts';

interface Tried {
  readonly draft: TryDraft;
  readonly answer: TryAnswer;
}

interface TryResultProps {
  readonly tried: Tried | undefined;
  readonly isBusy: boolean;
}

const TONES: Readonly<Record<string, Tone>> = {
  passed: 'good',
  flagged: 'warn',
  redacted: 'accent',
  review: 'warn',
  failed: 'bad',
  blocked: 'bad',
};

/** What guards said of what was tried, and what would go on of it. */
export function TryResult({ tried, isBusy }: TryResultProps) {
  const { t } = useTranslation('safety');
  if (tried === undefined) {
    return <Panel title={t('result')}>{isBusy ? <RowsSkeleton /> : <Empty title={t('resultNone')} />}</Panel>;
  }
  const { answer, draft } = tried;
  return (
    <div className="min-w-0 space-y-4">
      <Outcome answer={answer} />
      <Places tried={tried} />
      <GoesOn answer={answer} draft={draft} />
      <Panel title={t('said')} flush>
        <TryVerdicts verdicts={answer.verdicts} />
      </Panel>
    </div>
  );
}

function Outcome({ answer }: { readonly answer: TryAnswer }) {
  const { t } = useTranslation('safety');
  const { action, message, policies, unread, judges } = answer;
  const words = t('came', { returnObjects: true });
  const badges = t('cameWord', { returnObjects: true });
  const name = known(words, action);
  const under = t('underPolicies', { names: policies.map(({ name: policy }) => policy).join(', ') });
  return (
    <Panel title={t('result')} hint={under}>
      <div role="status" className="space-y-2 text-[13px]">
        <p className="flex flex-wrap items-center gap-2">
          <Badge tone={TONES[action] ?? 'neutral'}>{name === undefined ? action : badges[name]}</Badge>
          <span className="font-medium">{name === undefined ? null : words[name]}</span>
        </p>
        {message === null ? null : (
          <Note>
            <p className="text-xs text-muted">{t('told')}</p>
            <p className="mt-0.5 break-words whitespace-pre-wrap">{message}</p>
          </Note>
        )}
        {unread.length === 0 ? null : <Note tone="warn">{t('unread', { kinds: unread.join(', ') })}</Note>}
        {judges.not_asked.length === 0 ? null : (
          <p className="text-xs text-muted">{t('judgesNotAsked', { names: judges.not_asked.join(', ') })}</p>
        )}
      </div>
    </Panel>
  );
}

function Places({ tried: { answer, draft } }: { readonly tried: Tried }) {
  const { t } = useTranslation('safety');
  const texts = useMemo(() => {
    // A text by itself has one place, wherever it stands in the request that is made of it.
    if (!isWhole(draft))
      return foundByText(
        answer.found.map((one) => ({ ...one, path: '' })),
        () => draft.text,
      );
    const body = requestIn(draft.body);
    return foundByText(answer.found, (path) => textAtPointer(body, path));
  }, [answer, draft]);
  return (
    <Panel title={t('places')} {...(texts.length > 0 && { hint: t('placesHint') })}>
      {texts.length === 0 ? <p className="text-[13px] text-muted">{t('placesNone')}</p> : <FoundList texts={texts} />}
    </Panel>
  );
}

function GoesOn({ answer, draft }: Tried) {
  const { t } = useTranslation('safety');
  if (isWhole(draft)) {
    return answer.body === null || answer.body === undefined ? null : (
      <Panel title={t('goesOn')}>
        <Json value={answer.body} />
      </Panel>
    );
  }
  if (answer.text === null) return null;
  return (
    <Panel title={t('goesOn')}>
      {answer.text === draft.text ? (
        <p className="text-[13px] text-muted">{t('goesOnSame')}</p>
      ) : (
        <Code text={answer.text} wrap />
      )}
    </Panel>
  );
}
