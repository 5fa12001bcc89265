import { useTranslation } from 'react-i18next';

import { client } from '../../api/client.ts';
import { askAgain } from '../../api/query-client.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { amountIn } from './budget-amount.ts';
import type { Budget, Standing } from './budget-state.ts';
import { useScopeText } from './budget-words.tsx';

interface DeleteBudgetProps {
  readonly budget: Budget;
  readonly standing: Standing | undefined;
  readonly open: boolean;
  readonly onClose: () => void;
}

export function DeleteBudget({ budget, standing, open, onClose }: DeleteBudgetProps) {
  const { t } = useTranslation('cost');
  const scopeText = useScopeText();
  const remove = async (): Promise<void> => {
    await client.DELETE('/admin/v1/budgets/{id}', { params: { path: { id: budget.name } } });
    await askAgain('/admin/v1/budgets');
  };
  const figures = standing && {
    used: amountIn(standing.unit, standing.used),
    limit: amountIn(standing.unit, standing.limit),
    rate: amountIn(standing.unit, standing.burnRate),
  };
  return (
    <ConfirmDialog
      open={open}
      onClose={onClose}
      title={t('deleteBudget', { name: budget.name })}
      verb={t('delete', { ns: 'common' })}
      done={t('deleted', { name: budget.name })}
      run={remove}
      affects={
        <>
          <p>{t('deleteAffects', { scope: scopeText(budget) })}</p>
          {figures === undefined ? null : <p className="mt-2 text-muted">{t('deleteFigures', figures)}</p>}
        </>
      }
    />
  );
}
