import { useId } from 'react';

import { api } from '../../api/client.ts';
import { useBeat } from '../../shell/beat.ts';
import { Input } from '../../ui/field.tsx';
import { useUsage } from './ask-usage.ts';
import type { Budget } from './budget-state.ts';
import { nameIn } from './usage-rows.ts';

const HISTORY_MS = 30 * 86_400_000;
const MOST_NAMES = 200;
const HOUR_MS = 3_600_000;

interface NameInputProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function Suggested({ value, onChange, names }: NameInputProps & { readonly names: readonly string[] }) {
  const id = useId();
  return (
    <>
      <Input value={value} list={id} onChange={({ target }) => onChange(target.value)} />
      <datalist id={id}>
        {names.slice(0, MOST_NAMES).map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </datalist>
    </>
  );
}

/** Names that spent something lately are suggested; any other may be written. */
export function SubjectInput({ per, ...rest }: NameInputProps & { readonly per: Budget['per'] }) {
  const hour = Math.floor(useBeat() / HOUR_MS) * HOUR_MS;
  const query = { by: per, since: new Date(hour - HISTORY_MS).toISOString() };
  const { data } = useUsage(query);
  const names = (data?.data ?? []).flatMap((row) => nameIn(row, per) ?? []);
  return <Suggested {...rest} names={names} />;
}

/** Names of virtual models; without them any name can be written all the same. */
export function VirtualModelInput(props: NameInputProps) {
  const { data } = api.useQuery('get', '/admin/v1/models');
  return <Suggested {...props} names={(data?.data ?? []).map(({ name }) => name)} />;
}
