import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { client } from '../../api/client.ts';
import { askAgain } from '../../api/query-client.ts';
import { useMay } from '../../api/session.ts';
import { count } from '../../format/numbers.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { RouteEditor } from './route-editor.tsx';
import { useFigures } from './use-models.ts';
import type { Model } from './wire.ts';

/** Another route in place of the model's own, and back. */
export function RouteActions({ model }: { readonly model: Model }) {
  const { t } = useTranslation(['models', 'common']);
  const mayEdit = useMay('editor');
  const [open, setOpen] = useState<'edit' | 'back'>();
  const title = mayEdit ? undefined : t('common:needsRole', { role: 'editor' });
  const isOther = model.trying.some(({ kind }) => kind === 'route');
  return (
    <>
      {isOther ? <Badge tone="warn">{t('routeByAdmin')}</Badge> : <Badge>{t('routeByFile')}</Badge>}
      {isOther ? (
        <Button kind="danger" disabled={!mayEdit} title={title} onClick={() => setOpen('back')}>
          {t('takeBack')}
        </Button>
      ) : null}
      <Button disabled={!mayEdit} title={title} onClick={() => setOpen('edit')}>
        {t('editRoute')}
      </Button>
      {open === 'edit' ? <RouteEditor model={model} onClose={() => setOpen(undefined)} /> : null}
      {open === 'back' ? <TakeBack model={model.name} onClose={() => setOpen(undefined)} /> : null}
    </>
  );
}

function TakeBack({ model, onClose }: { readonly model: string; readonly onClose: () => void }) {
  const { t } = useTranslation('models');
  const requests = useFigures()?.get(model)?.requests ?? 0;
  const run = async (): Promise<void> => {
    await client.DELETE('/admin/v1/routes/{id}', { params: { path: { id: model } } });
    await askAgain('/admin/v1/models', '/admin/v1/routes');
  };
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={t('takeBackTitle', { model })}
      affects={t('takeBackAffects', { requests: count(requests) })}
      verb={t('takeBack')}
      run={run}
      done={t('takenBack', { model })}
    />
  );
}
