import { ThumbsDown, ThumbsUp } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { client } from '../../api/client.ts';
import { askAgain } from '../../api/query-client.ts';
import { useMay } from '../../api/session.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Field, TextArea } from '../../ui/field.tsx';
import { Ago } from '../../ui/figures.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Failure } from '../../ui/states.tsx';
import { toast } from '../../ui/toast.tsx';
import type { Opinion, Trace } from './trace-types.ts';

const MOST_CHARACTERS = 4000;

/** What was said of the answer, and what one thinks oneself. */
export function FeedbackPanel({ trace: { trace_id: id, feedback } }: { readonly trace: Trace }) {
  const { t } = useTranslation('requests');
  return (
    <Panel title={t('feedback')}>
      {feedback.length === 0 ? <p className="mb-3 text-[13px] text-muted">{t('feedbackNone')}</p> : null}
      <ul className="space-y-3">
        {feedback.map((opinion) => (
          <OpinionView key={opinion.author} opinion={opinion} />
        ))}
      </ul>
      <GiveFeedback traceId={id} />
    </Panel>
  );
}

function OpinionView({ opinion }: { readonly opinion: Opinion }) {
  const { t } = useTranslation('requests');
  const { thumb, score, author, comment, tags, updated_at: at } = opinion;
  return (
    <li className="text-[13px]">
      <div className="flex flex-wrap items-center gap-1.5">
        {thumb === 'up' ? <ThumbsUp className="size-4 text-good" aria-label={t('thumbUp')} /> : null}
        {thumb === 'down' ? <ThumbsDown className="size-4 text-bad" aria-label={t('thumbDown')} /> : null}
        {score === null ? null : <Badge>{t('score', { score })}</Badge>}
        <span className="break-all text-muted">{author}</span>
        <span className="text-xs text-muted">
          <Ago at={at} />
        </span>
      </div>
      {comment === null ? null : <p className="mt-1 break-words whitespace-pre-wrap">{comment}</p>}
      {tags.length === 0 ? null : (
        <p className="mt-1 flex flex-wrap gap-1">
          {tags.map((tag) => (
            <Badge key={tag}>{tag}</Badge>
          ))}
        </p>
      )}
    </li>
  );
}

function GiveFeedback({ traceId }: { readonly traceId: string }) {
  const { t } = useTranslation(['requests', 'common']);
  const may = useMay('editor');
  const [thumb, setThumb] = useState<'up' | 'down'>();
  const [comment, setComment] = useState('');
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const send = async (): Promise<void> => {
    if (!thumb) return;
    setBusy(true);
    setError(undefined);
    try {
      await client.POST('/v1/feedback', {
        body: { trace_id: traceId, thumb, ...(comment.trim() !== '' && { comment: comment.trim() }) },
      });
      setComment('');
      setThumb(undefined);
      toast.good(t('feedbackSent'));
      await askAgain('/admin/v1/traces');
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  if (!may) return <p className="mt-3 text-xs text-muted">{t('needsRole', { ns: 'common', role: 'editor' })}</p>;
  const chosen = (mine: 'up' | 'down') => ({
    'aria-pressed': thumb === mine,
    className: thumb === mine ? 'border-accent bg-accent-soft' : '',
    onClick: () => setThumb(thumb === mine ? undefined : mine),
  });
  return (
    <div className="mt-3 space-y-2 border-t border-line pt-3">
      <div className="flex flex-wrap gap-2">
        <Button size="small" {...chosen('up')}>
          <ThumbsUp aria-hidden />
          {t('feedbackUp')}
        </Button>
        <Button size="small" {...chosen('down')}>
          <ThumbsDown aria-hidden />
          {t('feedbackDown')}
        </Button>
      </div>
      {thumb === undefined ? null : (
        <>
          <Field label={t('feedbackComment')} hint={t('feedbackChange')}>
            <TextArea
              rows={3}
              maxLength={MOST_CHARACTERS}
              value={comment}
              onChange={({ target }) => setComment(target.value)}
            />
          </Field>
          <Button kind="primary" size="small" busy={isBusy} onClick={() => void send()}>
            {t('feedbackSend')}
          </Button>
        </>
      )}
      {error === undefined ? null : <Failure error={error} />}
    </div>
  );
}
