import { Columns3 } from 'lucide-react';
import { useTranslation } from 'react-i18next';

import { Button } from '../../ui/button.tsx';
import { Menu, MenuCheck } from '../../ui/menu.tsx';
import { COLUMN_IDS, type ColumnId, USUAL_COLUMNS } from './columns.tsx';
import { useKept } from './kept-choice.ts';

function readColumns(kept: unknown): readonly ColumnId[] {
  const chosen = Array.isArray(kept) ? COLUMN_IDS.filter((id) => kept.includes(id)) : [];
  return chosen.length > 0 ? chosen : USUAL_COLUMNS;
}

export function useColumnChoice() {
  return useKept('causeway.requests.columns', readColumns);
}

interface ColumnChoiceProps {
  readonly chosen: readonly ColumnId[];
  readonly onChange: (chosen: readonly ColumnId[]) => void;
}

export function ColumnChoice({ chosen, onChange }: ColumnChoiceProps) {
  const { t } = useTranslation('requests');
  const trigger = (
    <Button>
      <Columns3 aria-hidden />
      {t('columns')}
    </Button>
  );
  return (
    <Menu trigger={trigger}>
      {COLUMN_IDS.map((id) => (
        <MenuCheck
          key={id}
          checked={chosen.includes(id)}
          onChange={(isOn) => onChange(isOn ? [...chosen, id] : chosen.filter((one) => one !== id))}
        >
          {t(`col.${id}`)}
        </MenuCheck>
      ))}
    </Menu>
  );
}
