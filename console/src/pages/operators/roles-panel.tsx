import { useTranslation } from 'react-i18next';

import { Panel } from '../../ui/panel.tsx';
import { RoleBadge } from './role-badge.tsx';

const ROLES = [
  ['admin', 'adminMay'],
  ['editor', 'editorMay'],
  ['viewer', 'viewerMay'],
] as const;

/** What each role may do. */
export function RolesPanel() {
  const { t } = useTranslation('operators');
  return (
    <Panel title={t('roles')}>
      <dl className="space-y-3 text-[13px]">
        {ROLES.map(([role, may]) => (
          <div key={role}>
            <dt>
              <RoleBadge role={role} />
            </dt>
            <dd className="mt-1 text-muted">{t(may)}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}
