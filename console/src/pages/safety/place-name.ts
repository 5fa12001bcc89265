import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

import { known } from '../requests/badges.tsx';

/** What a place is called; one that has no name here stands as it is. */
export function usePlaceName(): (place: string) => string {
  const { t } = useTranslation('safety');
  return useCallback(
    (place) => {
      const words = t('place', { returnObjects: true });
      const name = known(words, place);
      return name === undefined ? place : words[name];
    },
    [t],
  );
}
