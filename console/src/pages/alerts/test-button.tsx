import { Send } from 'lucide-react';
import { useTranslation } from 'react-i18next';

import { useMay } from '../../api/session.ts';
import { Button } from '../../ui/button.tsx';

interface TestButtonProps {
  readonly label: string;
  readonly onTest: () => void;
  /** What it is called for those who do not see where it stands. */
  readonly name?: string;
}

export function TestButton({ label, onTest, name }: TestButtonProps) {
  const { t } = useTranslation();
  const mayEdit = useMay('editor');
  return (
    <Button
      size={name === undefined ? 'medium' : 'small'}
      disabled={!mayEdit}
      title={mayEdit ? undefined : t('needsRole', { role: 'editor' })}
      {...(name !== undefined && { 'aria-label': name })}
      onClick={onTest}
    >
      <Send aria-hidden />
      {label}
    </Button>
  );
}
