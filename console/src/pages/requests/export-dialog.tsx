import { Download } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Switch } from '../../ui/switch.tsx';

interface ExportDialogProps {
  readonly query: Readonly<Record<string, string>>;
  /** The filters in words. */
  readonly told: string;
}

export function ExportDialog({ query, told }: ExportDialogProps) {
  const { t } = useTranslation('requests');
  const [open, setOpen] = useState(false);
  const [bodies, setBodies] = useState(false);
  const asked = new URLSearchParams({ ...query, ...(bodies && { bodies: 'true' }) });
  // The browser itself writes the file, however long it is.
  const link = (
    <Button asChild kind="primary">
      <a href={`/admin/v1/traces/export?${asked.toString()}`} download="traces.jsonl" onClick={() => setOpen(false)}>
        <Download aria-hidden />
        {t('exportDownload')}
      </a>
    </Button>
  );
  return (
    <>
      <Button onClick={() => setOpen(true)}>
        <Download aria-hidden />
        {t('export')}
      </Button>
      <Dialog open={open} onClose={() => setOpen(false)} title={t('export')} hint={t('exportHint')} actions={link}>
        <p className="text-[13px]">{t('exportHas')}</p>
        <p className="text-[13px] break-words">
          {told === '' ? t('exportNoFilters') : t('exportFilters', { filters: told })}
        </p>
        <Switch label={t('exportBodies')} checked={bodies} onChange={setBodies} />
        <p className="text-xs text-muted">{t('exportBodiesHint')}</p>
      </Dialog>
    </>
  );
}
