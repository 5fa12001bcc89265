import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useSearchState } from '../shell/search-state.ts';
import { RANGES, type RangeName, type TimeRange } from '../shell/time-range.ts';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { Field, Input } from './field.tsx';
import { Segments } from './segments.tsx';

interface RangePickerProps {
  readonly range: TimeRange;
  readonly choices?: readonly RangeName[];
}

/** Chooses what `useTimeRange` reads. */
export function RangePicker({ range, choices = RANGES }: RangePickerProps) {
  const { t } = useTranslation();
  const [, change] = useSearchState();
  const [open, setOpen] = useState(false);
  const named = choices.map((name) => [name, name] as const);
  return (
    <>
      <Segments<RangeName | 'custom'>
        label={t('time')}
        value={range.name}
        choices={[...named, ['custom', t('rangeCustom')]]}
        onChange={(name) =>
          name === 'custom' ? setOpen(true) : change({ range: name, since: undefined, until: undefined })
        }
      />
      <OwnRange key={`${range.since} ${open}`} open={open} range={range} onClose={() => setOpen(false)} />
    </>
  );
}

/** In the form of `<input type="datetime-local">`, in the time zone of whoever looks. */
function localText(at: string | undefined): string {
  const date = at === undefined ? new Date() : new Date(at);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function OwnRange({ open, range, onClose }: { open: boolean; range: TimeRange; onClose: () => void }) {
  const { t } = useTranslation();
  const [, change] = useSearchState();
  const [from, setFrom] = useState(localText(range.since));
  const [to, setTo] = useState(localText(range.until));
  const isValid = from !== '' && to !== '' && new Date(from) < new Date(to);
  const apply = (): void => {
    change({ range: undefined, since: new Date(from).toISOString(), until: new Date(to).toISOString() });
    onClose();
  };
  const button = (
    <Button kind="primary" disabled={!isValid} onClick={apply}>
      {t('apply')}
    </Button>
  );
  return (
    <Dialog open={open} onClose={onClose} title={t('rangeCustom')} actions={button}>
      <div className="grid gap-3 sm:grid-cols-2">
        <Field label={t('from')}>
          <Input type="datetime-local" value={from} onChange={({ target }) => setFrom(target.value)} />
        </Field>
        <Field label={t('to')}>
          <Input type="datetime-local" value={to} onChange={({ target }) => setTo(target.value)} />
        </Field>
      </div>
    </Dialog>
  );
}
