import { Plus } from 'lucide-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import { useMay } from '../../api/session.ts';
import { Button } from '../../ui/button.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { Organisations } from './organisations.tsx';
import { ProjectTable } from './project-table.tsx';
import { useKeyTabs } from './tabs.ts';

/** Projects with what they use, and the organisations that they belong to. */
export function Page() {
  const { t } = useTranslation('keys');
  const mayEdit = useMay('editor');
  const newKey = mayEdit ? (
    <Button asChild kind="primary">
      <Link to="/keys" search={{ new: '1' }}>
        <Plus aria-hidden />
        {t('newKey')}
      </Link>
    </Button>
  ) : undefined;
  return (
    <>
      <PageHeader title={t('title')} hint={t('projectsHint')} pages={useKeyTabs()} actions={newKey} />
      <div className="grid gap-4">
        <ProjectTable />
        <Organisations />
      </div>
    </>
  );
}
