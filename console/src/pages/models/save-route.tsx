import { useTranslation } from 'react-i18next';

import { count } from '../../format/numbers.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { CostWords } from './route-preview.tsx';
import type { RoutePreview } from './wire.ts';

interface SaveRouteProps {
  readonly model: string;
  readonly told: RoutePreview;
  readonly onClose: () => void;
  readonly save: () => Promise<void>;
}

/** Asks once more, with the figures of the preview. */
export function SaveRoute({ model, told, onClose, save }: SaveRouteProps) {
  const { t } = useTranslation('models');
  const { compared, changed, now, proposed } = told;
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={t('saveRouteTitle', { model })}
      affects={
        <>
          <p>{t('saveRouteAffects')}</p>
          {compared === 0 ? null : (
            <p className="mt-2">
              {t('saveRouteFigures', { changed: count(changed), compared: count(compared) })}{' '}
              <CostWords now={now} proposed={proposed} />
            </p>
          )}
        </>
      }
      verb={t('putInForce')}
      run={save}
    />
  );
}
