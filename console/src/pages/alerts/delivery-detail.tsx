import { useTranslation } from 'react-i18next';

import { Subject } from '../../events/subject.tsx';
import { fullTime } from '../../format/times.ts';
import { Code } from '../../ui/code.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { FactsGrid } from '../../ui/facts-grid.tsx';
import type { DetailProps } from '../../ui/paged-table.tsx';
import { Note } from '../../ui/states.tsx';
import { OutcomeBadge, messageText } from './delivery-columns.tsx';
import type { Delivery } from './wire.ts';

/** One message: whether it arrived, after how many attempts, and why not. */
export function DeliveryDetail({ row: delivery, onClose }: DetailProps<Delivery>) {
  const { t } = useTranslation('alerts');
  const { at, alert, subject, state, channel, outcome, attempts, error } = delivery;
  const facts = [
    { name: t('outcome'), value: <OutcomeBadge outcome={outcome} t={t} /> },
    { name: t('channel'), value: channel },
    { name: t('ruleName'), value: alert },
    { name: t('message'), value: messageText(state, t) },
    { name: t('subject'), value: <Subject subject={subject} at={at} /> },
    { name: t('attempts'), value: attempts },
  ];
  const retries = outcome === 'failed' ? (attempts === 0 ? 'neverTried' : 'retriesFailed') : 'retriesSent';
  return (
    <Dialog open onClose={onClose} side title={t('deliveryTitle')} hint={fullTime(at)}>
      <FactsGrid facts={facts} />
      <Note tone={outcome === 'failed' ? 'warn' : 'neutral'}>{t(retries, { count: attempts })}</Note>
      {error === null ? null : (
        <section>
          <h3 className="mb-1 text-sm font-semibold">{t('reason')}</h3>
          <Code text={error} wrap />
        </section>
      )}
    </Dialog>
  );
}
