import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Empty } from '../../ui/states.tsx';
import { addressOfTrying, useKindWord } from './trying-badges.tsx';
import type { Model } from './wire.ts';

/** Flags, experiments, canaries and shadows of this model. */
export function ModelTrying({ model: { name, trying } }: { readonly model: Model }) {
  const { t } = useTranslation('models');
  const wordOf = useKindWord();
  return (
    <Panel title={t('trying')} hint={t('tryingHint')}>
      {trying.length === 0 ? (
        <Empty
          title={t('nothingTried')}
          className="py-4"
          action={
            <Button asChild>
              <Link to="/rollouts" search={{ new: 'canaries', model: name }}>
                {t('tryCanary')}
              </Link>
            </Button>
          }
        >
          {t('nothingTriedHint')}
        </Empty>
      ) : (
        <ul className="divide-y divide-line">
          {trying.map((one) => (
            <li key={`${one.kind} ${one.id}`} className="flex flex-wrap items-center gap-2 py-2 text-[13px]">
              <Badge>{wordOf(one.kind)}</Badge>
              <Link to={addressOfTrying(one)} className="font-medium break-all hover:underline">
                {one.id}
              </Link>
              <Badge tone={one.in_force ? 'good' : 'neutral'}>{one.in_force ? t('inForce') : t('notInForce')}</Badge>
              <span className="text-muted">{one.origin === 'file' ? t('origin_file') : t('origin_admin')}</span>
              {one.problem === null ? null : <span className="text-bad">{one.problem}</span>}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
