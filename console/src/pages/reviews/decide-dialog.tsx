import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Failure, Note } from '../../ui/states.tsx';
import { toast } from '../../ui/toast.tsx';
import { useSubmit } from '../../ui/use-submit.ts';
import { NO_WORDS, decide } from './send-decision.ts';
import { type OpenedReview, kindOf } from './wire.ts';
import { WordFields } from './word-fields.tsx';

interface DecideDialogProps {
  readonly review: OpenedReview;
  readonly action: 'approve' | 'reject';
  readonly onClose: () => void;
}

/** What follows from an approval. */
function useEffectWords({ kind, runs_here: runsHere, model, project }: OpenedReview): string {
  const { t } = useTranslation('reviews');
  if (kind === 'request') return runsHere ? t('effectRuns', { model, project }) : t('effectAgain');
  return runsHere ? t('effectAnswer') : t('effectAnswerAgain');
}

/** Asks once more, with what follows, since it cannot be taken back. */
export function DecideDialog({ review, action, onClose }: DecideDialogProps) {
  const { t } = useTranslation(['reviews', 'common']);
  const [words, setWords] = useState(NO_WORDS);
  const { busy, submit, errorAt, errorBeside } = useSubmit();
  const effect = useEffectWords(review);
  const isApproval = action === 'approve';
  const send = async (): Promise<void> => {
    if (!(await submit(() => decide(review.id, { action }, words)))) return;
    toast.good(isApproval ? t('approved') : t('rejected'));
    onClose();
  };
  const buttons = (
    <>
      <Button onClick={onClose}>{t('common:cancel')}</Button>
      <Button kind={isApproval ? 'primary' : 'danger'} busy={busy} onClick={() => void send()}>
        {isApproval ? t('approve') : t('reject')}
      </Button>
    </>
  );
  const other = errorBeside('note', 'message', 'by');
  const kind = kindOf(review);
  return (
    <Dialog
      open
      onClose={onClose}
      title={isApproval ? t(`approveTitle.${kind}`) : t(`rejectTitle.${kind}`)}
      actions={buttons}
    >
      <Note tone={isApproval ? 'neutral' : 'warn'}>{isApproval ? effect : t('effectReject')}</Note>
      <WordFields words={words} onChange={setWords} errorAt={errorAt} withMessage={!isApproval} />
      {other === undefined ? null : <Failure error={other} />}
    </Dialog>
  );
}
