import { Bookmark, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { type SearchState, useSearchState } from '../../shell/search-state.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, Input } from '../../ui/field.tsx';
import { Menu, MenuItem, MenuLine } from '../../ui/menu.tsx';
import { useKept } from './kept-choice.ts';
import { isRecord } from '../../format/is-record.ts';

interface SavedView {
  readonly name: string;
  readonly search: SearchState;
}

const MOST_VIEWS = 50;

function isTexts(value: unknown): value is SearchState {
  return isRecord(value) && Object.values(value).every((one) => typeof one === 'string');
}

function readViews(kept: unknown): readonly SavedView[] {
  if (!Array.isArray(kept)) return [];
  return kept.flatMap((one: unknown) => {
    if (!isRecord(one) || typeof one['name'] !== 'string' || !isTexts(one['search'])) return [];
    return [{ name: one['name'], search: one['search'] }];
  });
}

/** Filters under a name, kept in this browser. */
export function SavedViews() {
  const { t } = useTranslation('requests');
  const [search, change] = useSearchState();
  const [views, keep] = useKept('causeway.requests.views', readViews);
  const [isNaming, setNaming] = useState(false);
  const open = (view: SavedView): void => {
    const gone = Object.fromEntries(Object.keys(search).map((name) => [name, undefined]));
    change({ ...gone, ...view.search });
  };
  const save = (name: string): void => {
    const others = views.filter((view) => view.name !== name);
    keep([...others, { name, search }].slice(-MOST_VIEWS));
    setNaming(false);
  };
  const trigger = (
    <Button>
      <Bookmark aria-hidden />
      {t('views')}
    </Button>
  );
  return (
    <>
      <Menu trigger={trigger}>
        {views.length === 0 ? <p className="px-2 py-1.5 text-xs text-muted">{t('viewsNone')}</p> : null}
        {views.map((view) => (
          <MenuItem key={view.name} onSelect={() => open(view)}>
            <span className="max-w-60 truncate">{view.name}</span>
          </MenuItem>
        ))}
        <MenuLine />
        <MenuItem onSelect={() => setNaming(true)}>{t('viewSave')}</MenuItem>
        {views.map((view) => (
          <MenuItem key={view.name} danger onSelect={() => keep(views.filter((one) => one !== view))}>
            <Trash2 aria-hidden />
            <span className="max-w-60 truncate">{t('viewRemove', { name: view.name })}</span>
          </MenuItem>
        ))}
      </Menu>
      {isNaming ? <NameView onClose={() => setNaming(false)} onSave={save} /> : null}
    </>
  );
}

interface NameViewProps {
  readonly onClose: () => void;
  readonly onSave: (name: string) => void;
}

function NameView({ onClose, onSave }: NameViewProps) {
  const { t } = useTranslation(['requests', 'common']);
  const [name, setName] = useState('');
  const button = (
    <Button kind="primary" disabled={name.trim() === ''} onClick={() => onSave(name.trim())}>
      {t('save', { ns: 'common' })}
    </Button>
  );
  return (
    <Dialog open onClose={onClose} title={t('viewSave')} hint={t('viewHint')} actions={button}>
      <Field label={t('viewName')}>
        <Input value={name} maxLength={80} onChange={({ target }) => setName(target.value)} />
      </Field>
    </Dialog>
  );
}
