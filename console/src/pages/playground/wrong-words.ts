import { useTranslation } from 'react-i18next';

import { useBench } from './bench.ts';
import type { WrongField } from './wrong.ts';

/** What cannot be sent, in words, for the fields that it may stand at. */
export function useWrong(...fields: readonly WrongField[]): string | undefined {
  const { t } = useTranslation('playground');
  const { wrong } = useBench();
  if (!wrong || !fields.includes(wrong.error.field)) return undefined;
  const { field, detail } = wrong.error;
  return t('wrong', { returnObjects: true })[field].replace('%s', detail);
}
