import { type FormEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { ApiError, messageOf } from '../../api/api-error.ts';
import { client } from '../../api/client.ts';
import { askAgain } from '../../api/query-client.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Failure } from '../../ui/states.tsx';
import { toast } from '../../ui/toast.tsx';
import { type Preview, PricePreview } from './price-preview.tsx';
import { type PriceDraft, type PriceField, priceFieldAt, priceRowOf, unreadablePrice } from './price-draft.ts';
import { PriceFields } from './price-fields.tsx';
import type { PriceRow } from './price-rows.ts';

interface AddPriceProps {
  readonly first: PriceDraft;
  readonly prices: readonly PriceRow[];
  readonly onClose: () => void;
}

/** What storing it would do, and what the last 30 days would have cost with it. */
async function previewOf(row: Readonly<Record<string, unknown>>): Promise<Preview> {
  const stored = await client.POST('/admin/v1/prices', {
    params: { query: { dry_run: 'true' } },
    body: { prices: [row] },
  });
  const compared = await client.POST('/admin/v1/prices/compare', { body: { by: ['target'], prices: [row] } });
  const today = await client.POST('/admin/v1/prices/compare', { body: { by: ['target'] } });
  return { added: stored.data?.added ?? [], compared: compared.data?.data ?? [], today: today.data?.data ?? [] };
}

/** Looks first at what a price would do, then stores it: a stored row never changes. */
export function AddPrice({ first, prices, onClose }: AddPriceProps) {
  const { t } = useTranslation('cost');
  const formId = useId();
  const [draft, setDraft] = useState(first);
  const [preview, setPreview] = useState<Preview>();
  const [refusal, setRefusal] = useState<{ readonly field: PriceField | undefined; readonly message: string }>();
  const [busy, setBusy] = useState(false);
  const wrong = unreadablePrice(draft);
  const change = (patch: Partial<PriceDraft>): void => {
    setDraft((before) => ({ ...before, ...patch }));
    setPreview(undefined);
    setRefusal(undefined);
  };
  const errorOf = (field: PriceField): string | undefined => {
    if (wrong.includes(field)) return t(field === 'more' ? 'noObject' : 'noNumber');
    return refusal?.field === field ? refusal.message : undefined;
  };
  const run = async (work: () => Promise<void>): Promise<void> => {
    setBusy(true);
    try {
      await work();
    } catch (thrown) {
      const field = thrown instanceof ApiError ? priceFieldAt(thrown.param, draft) : undefined;
      setRefusal({ field, message: messageOf(thrown) });
    } finally {
      setBusy(false);
    }
  };
  const check = (event: FormEvent): void => {
    event.preventDefault();
    void run(async () => setPreview(await previewOf(priceRowOf(draft))));
  };
  const store = (): void =>
    void run(async () => {
      await client.POST('/admin/v1/prices', { body: { prices: [priceRowOf(draft)] } });
      await askAgain('/admin/v1/prices');
      toast.good(t('priceStored', { name: `${draft.family}/${draft.model}` }));
      onClose();
    });
  const buttons = (
    <>
      <Button type="submit" form={formId} busy={busy} disabled={wrong.length > 0}>
        {t('tryPrice')}
      </Button>
      <Button kind="primary" busy={busy} disabled={preview === undefined || preview.added.length === 0} onClick={store}>
        {t('storePrice')}
      </Button>
    </>
  );
  return (
    <Dialog open wide onClose={onClose} title={t('addPrice')} hint={t('addPriceHint')} actions={buttons}>
      <form id={formId} onSubmit={check} className="space-y-4">
        <PriceFields draft={draft} change={change} errorOf={errorOf} prices={prices} />
      </form>
      {preview === undefined ? null : <PricePreview preview={preview} />}
      {refusal === undefined || refusal.field !== undefined ? null : <Failure error={refusal.message} />}
    </Dialog>
  );
}
