import { useTranslation } from 'react-i18next';

import { Badge } from '../../ui/badge.tsx';
import { Code, Json } from '../../ui/code.tsx';
import { Panel } from '../../ui/panel.tsx';
import { DiffPanel } from '../requests/diff-view.tsx';
import { type Message, readInput, readOutput } from '../requests/messages.ts';
import { Talk } from '../requests/talk.tsx';
import { isRecord } from '../../format/is-record.ts';
import { readHeld } from './held.ts';
import { pretty } from './edit-draft.ts';
import type { OpenedReview } from './wire.ts';

/** What was asked, what waits of an answer, what a reviewer put in place, and what came of it. */
export function ReviewTexts({ review }: { readonly review: OpenedReview }) {
  const { t } = useTranslation('reviews');
  const { request, held, answer } = review;
  const waiting = held === null ? undefined : readHeld(held);
  return (
    <>
      {waiting === undefined ? null : (
        <Panel title={t('held')}>
          {waiting.messages.length === 0 ? (
            <p className="text-[13px] text-muted">{t('heldNothing')}</p>
          ) : (
            <Talk messages={waiting.messages} />
          )}
        </Panel>
      )}
      <Panel title={t('request')}>
        <Body body={request} messages={readInput(request)} />
      </Panel>
      <Edited review={review} heldText={waiting?.text ?? ''} />
      {answer === null ? null : (
        <Panel
          title={t('answer')}
          actions={
            <Badge tone={answer.status < 400 ? 'good' : 'bad'}>{t('answerStatus', { status: answer.status })}</Badge>
          }
        >
          <Body body={answer.body} messages={readOutput(answer.body)} />
        </Panel>
      )}
    </>
  );
}

interface BodyProps {
  readonly body: unknown;
  readonly messages: readonly Message[] | undefined;
}

function Body({ body, messages }: BodyProps) {
  if (messages !== undefined && messages.length > 0) return <Talk messages={messages} />;
  return typeof body === 'string' ? <Code text={body} wrap /> : <Json value={body ?? null} />;
}

/** Beside what it stands in the place of. */
function Edited({ review: { edit, request }, heldText }: { readonly review: OpenedReview; readonly heldText: string }) {
  const { t } = useTranslation('reviews');
  if (!isRecord(edit)) return null;
  const { body, answer } = edit;
  if (typeof answer === 'string') {
    return <DiffPanel title={t('editedAnswer')} left={heldText} right={answer} same={t('unchanged')} />;
  }
  return <DiffPanel title={t('editedRequest')} left={pretty(request)} right={pretty(body)} same={t('unchanged')} />;
}
