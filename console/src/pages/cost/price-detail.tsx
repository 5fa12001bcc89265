import { ExternalLink } from 'lucide-react';
import { useTranslation } from 'react-i18next';

import { Json } from '../../ui/code.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Note } from '../../ui/states.tsx';
import { OriginBadge } from './price-columns.tsx';
import { type PriceRow, webAddress } from './price-rows.ts';

const HEAD = new Set(['family', 'model', 'from', 'source', 'checked', 'origin', 'version', 'inForce']);

function Fact({ name, children }: { readonly name: string; readonly children: React.ReactNode }) {
  return (
    <div className="flex gap-4 py-1">
      <dt className="w-28 shrink-0 text-muted">{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </div>
  );
}

/** All numbers of a price, and who says so. */
export function PriceDetail({
  price,
  onClose,
}: {
  readonly price: PriceRow | undefined;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation('cost');
  if (price === undefined) return null;
  const rates = Object.fromEntries(Object.entries(price).filter(([name]) => !HEAD.has(name)));
  const address = webAddress(price.source);
  return (
    <Dialog open side onClose={onClose} title={`${price.family}/${price.model}`} hint={t('perMillion')}>
      {price.inForce ? null : <Note tone="warn">{t('notInForce')}</Note>}
      <dl className="text-[13px]">
        <Fact name={t('origin', { ns: 'common' })}>
          <OriginBadge origin={price.origin} />
        </Fact>
        <Fact name={t('from')}>{price.from ?? t('always')}</Fact>
        <Fact name={t('version')}>
          <span className="font-mono text-xs">{price.version}</span>
        </Fact>
        <Fact name={t('source')}>
          {address === undefined ? (
            price.source
          ) : (
            <a href={address} target="_blank" rel="noopener noreferrer" className="text-accent underline">
              {price.source} <ExternalLink className="inline size-3" aria-hidden />
            </a>
          )}
        </Fact>
        {price.checked === undefined ? null : <Fact name={t('checked')}>{price.checked}</Fact>}
      </dl>
      <Json value={rates} />
    </Dialog>
  );
}
