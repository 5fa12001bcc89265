import { useTranslation } from 'react-i18next';

import { api } from '../../api/client.ts';
import { Badge } from '../../ui/badge.tsx';
import { Code } from '../../ui/code.tsx';
import { Panel } from '../../ui/panel.tsx';
import { QueryView } from '../../ui/query-view.tsx';

const CALLBACK = '/admin/v1/session/sso/callback';

const SNIPPET = `console:
  oidc:
    issuer: https://login.example.com/realms/main
    clientId: causeway
    clientSecret: "\${OIDC_CLIENT_SECRET}"
    name: Example login
    roles:
      - { claim: groups, value: llm-admins, role: admin }
      - { claim: groups, value: llm-team, role: editor }
      - { claim: email, value: "*@example.com", role: viewer }
`;

/** Whether people sign in with an identity provider, and how that is set up. */
export function SingleSignOnPanel() {
  const { t } = useTranslation('operators');
  const ways = api.useQuery('get', '/admin/v1/session/ways');
  return (
    <Panel title={t('sso')}>
      <QueryView query={ways}>
        {({ sso }) => (
          <div className="space-y-3 text-[13px]">
            <p className="flex flex-wrap items-center gap-2">
              <Badge tone={sso === null ? 'neutral' : 'good'}>{t(sso === null ? 'ssoOff' : 'ssoOn')}</Badge>
              {sso?.name}
            </p>
            <p className="text-muted">{t(sso === null ? 'ssoHow' : 'ssoRunning')}</p>
            {sso === null ? <Code text={SNIPPET} /> : null}
            <p className="text-muted">{t('ssoCallback')}</p>
            <Code text={location.origin + CALLBACK} wrap />
          </div>
        )}
      </QueryView>
    </Panel>
  );
}
