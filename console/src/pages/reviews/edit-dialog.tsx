import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, TextArea } from '../../ui/field.tsx';
import { Failure, Note } from '../../ui/states.tsx';
import { toast } from '../../ui/toast.tsx';
import { useSubmit } from '../../ui/use-submit.ts';
import { DiffPanel } from '../requests/diff-view.tsx';
import { requestIn } from '../safety/question.ts';
import { isChanged, pretty, problemOf } from './edit-draft.ts';
import { readHeld } from './held.ts';
import { NO_WORDS, decide } from './send-decision.ts';
import { type OpenedReview, kindOf } from './wire.ts';
import { WordFields } from './word-fields.tsx';

interface EditDialogProps {
  readonly review: OpenedReview;
  readonly onClose: () => void;
}

/** Something else in the place of what waits: a request as JSON, an answer as a text. What changes is shown. */
export function EditDialog({ review, onClose }: EditDialogProps) {
  const { t } = useTranslation(['reviews', 'common']);
  const isRequest = review.held === null;
  const [before] = useState(() => (isRequest ? pretty(review.request) : readHeld(review.held).text));
  const [text, setText] = useState(before);
  const [words, setWords] = useState(NO_WORDS);
  const { busy, submit, errorAt, errorBeside } = useSubmit();
  const problem = isRequest ? problemOf(text) : undefined;
  const mayGo = isChanged(before, text, isRequest) && text.trim() !== '';
  const field = isRequest ? 'body' : 'answer';
  const send = async (): Promise<void> => {
    const what = isRequest ? { body: requestIn(text) } : { answer: text };
    if (!(await submit(() => decide(review.id, { action: 'edit', ...what }, words)))) return;
    toast.good(t('editedDone'));
    onClose();
  };
  const buttons = (
    <>
      <Button onClick={onClose}>{t('common:cancel')}</Button>
      <Button kind="primary" busy={busy} disabled={!mayGo} onClick={() => void send()}>
        {t('saveEdit')}
      </Button>
    </>
  );
  const other = errorBeside('note', 'by', field);
  return (
    <Dialog open onClose={onClose} title={t(`editTitle.${kindOf(review)}`)} actions={buttons} wide>
      <Note>{t('effectEdit')}</Note>
      <Field
        label={isRequest ? t('body') : t('answerText')}
        error={problem === undefined ? errorAt(field) : t('notJson', { problem })}
      >
        <TextArea
          rows={12}
          dir="auto"
          className={isRequest ? 'font-mono text-xs' : ''}
          value={text}
          onChange={({ target }) => setText(target.value)}
        />
      </Field>
      {text === before ? null : <DiffPanel title={t('changes')} left={before} right={text} same={t('unchanged')} />}
      <WordFields words={words} onChange={setWords} errorAt={errorAt} />
      {other === undefined ? null : <Failure error={other} />}
    </Dialog>
  );
}
