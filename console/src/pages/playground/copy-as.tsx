import { Check, Code2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Button } from '../../ui/button.tsx';
import { Menu, MenuItem } from '../../ui/menu.tsx';
import { toast } from '../../ui/toast.tsx';
import { useBench } from './bench.ts';
import type { Column } from './draft.ts';
import { askedOf } from './request-body.ts';
import { SNIPPETS, type SnippetKind, snippet } from './snippets.ts';
import { Wrong } from './wrong.ts';

/** The same request, for an application. */
export function CopyAs({ column }: { readonly column: Column }) {
  const { t } = useTranslation('playground');
  const { prompt, headers } = useBench();
  const [copied, setCopied] = useState<SnippetKind>();
  const copy = async (kind: SnippetKind): Promise<void> => {
    try {
      const text = snippet(kind, column.dialect, askedOf(prompt, column, headers), location.origin);
      await navigator.clipboard.writeText(text);
      setCopied(kind);
      toast.good(t('copied', { ns: 'common' }));
    } catch (error) {
      if (!(error instanceof Wrong)) throw error;
      toast.bad(new Error(t('wrong', { returnObjects: true })[error.field].replace('%s', error.detail)));
    }
  };
  const trigger = (
    <Button aria-label={t('copyAs')} title={t('copyAs')} size="icon">
      <Code2 aria-hidden />
    </Button>
  );
  return (
    <Menu trigger={trigger}>
      {SNIPPETS.map(([kind, name]) => (
        <MenuItem key={kind} onSelect={() => void copy(kind)}>
          <span className="flex-1">{t('copyAsWhat', { what: name })}</span>
          {copied === kind ? <Check aria-hidden /> : null}
        </MenuItem>
      ))}
    </Menu>
  );
}
