import { useTranslation } from 'react-i18next';

import { Button } from '../ui/button.tsx';
import { Code } from '../ui/code.tsx';
import { Note } from '../ui/states.tsx';
import { forgetMadeKey, useMadeKey } from './made-key.ts';

/** The first key, once the guide that it was made in is gone: until somebody says that it is kept. */
export function MadeKeyNotice() {
  const { t } = useTranslation('firstRequest');
  const { key, inGuide } = useMadeKey();
  if (key === undefined || inGuide) return null;
  return (
    <Note tone="warn" className="mb-4 grid items-center gap-2 md:grid-cols-[auto_minmax(0,1fr)_auto]">
      <span>{t('stillShown')}</span>
      <Code text={key} wrap />
      <Button className="justify-self-start" onClick={forgetMadeKey}>
        {t('keptIt')}
      </Button>
    </Note>
  );
}
