import { ListFilter } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useFacet } from '../../api/facets.ts';
import { useSearchState } from '../../shell/search-state.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, Input, Select } from '../../ui/field.tsx';
import { SuggestInput } from '../../ui/suggest-input.tsx';
import { filterValue } from './filter-words.ts';
import { FILTERS, asMetadata, filterNamed } from './filters.ts';

const METADATA = 'metadata';
const NUMBER = /^\d{1,15}(?:\.\d{1,15})?$/;

/** Every filter that there is, with what it may be. */
export function AddFilter() {
  const { t } = useTranslation('requests');
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>
        <ListFilter aria-hidden />
        {t('addFilter')}
      </Button>
      {open ? <FilterDialog onClose={() => setOpen(false)} /> : null}
    </>
  );
}

function FilterDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation(['requests', 'common']);
  const [, change] = useSearchState();
  const [name, setName] = useState<string>('user');
  const [member, setMember] = useState('');
  const [value, setValue] = useState('');
  const filter = filterNamed(name);
  const isNumber = filter?.kind === 'number';
  const isWhole = value.trim() !== '' && (name !== METADATA || member.trim() !== '');
  const isValid = isWhole && (!isNumber || NUMBER.test(value.trim()));
  const apply = (): void => {
    change({ [name === METADATA ? asMetadata(member.trim()) : name]: value.trim() });
    onClose();
  };
  const button = (
    <Button kind="primary" type="submit" form="add-filter" disabled={!isValid}>
      {t('apply', { ns: 'common' })}
    </Button>
  );
  return (
    <Dialog open onClose={onClose} title={t('addFilter')} actions={button}>
      <form
        id="add-filter"
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (isValid) apply();
        }}
      >
        <Field label={t('filterBy')}>
          <Select
            value={name}
            onChange={({ target }) => {
              setName(target.value);
              setValue('');
            }}
          >
            {FILTERS.map((one) => (
              <option key={one.name} value={one.name}>
                {t(`filters.${one.name}`)}
              </option>
            ))}
            <option value={METADATA}>{t('filters.metadata')}</option>
          </Select>
        </Field>
        {name === METADATA ? (
          <Field label={t('filterName')} hint={t('filterNameHint')}>
            <Input value={member} onChange={({ target }) => setMember(target.value)} />
          </Field>
        ) : null}
        <FilterValue name={name} value={value} onChange={setValue} />
      </form>
    </Dialog>
  );
}

interface FilterValueProps {
  readonly name: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function FilterValue({ name, value, onChange }: FilterValueProps) {
  const { t } = useTranslation(['requests', 'common']);
  const filter = filterNamed(name);
  const suggestions = useFacet(name);
  if (filter?.choices) {
    return (
      <Field label={t('filterValue')}>
        <Select value={value} onChange={({ target }) => onChange(target.value)}>
          <option value="">–</option>
          {filter.choices.map((choice) => (
            <option key={choice} value={choice}>
              {filterValue(name, choice, t)}
            </option>
          ))}
        </Select>
      </Field>
    );
  }
  const isNumber = filter?.kind === 'number';
  return (
    <Field label={t('filterValue')} hint={isNumber ? t('filterNumberHint') : undefined}>
      <SuggestInput
        value={value}
        inputMode={isNumber ? 'decimal' : 'text'}
        suggestions={suggestions}
        onChange={({ target }) => onChange(target.value)}
      />
    </Field>
  );
}
