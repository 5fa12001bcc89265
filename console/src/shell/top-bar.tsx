import { LogOut, Menu as MenuIcon, UserRound } from 'lucide-react';
import { useTranslation } from 'react-i18next';

import { type SessionOperator, signOut } from '../api/session.ts';
import { type Language, speak } from '../i18n/i18n.ts';
import { useLive } from '../live/live.ts';
import { Button } from '../ui/button.tsx';
import { classes } from '../ui/classes.ts';
import { Menu, MenuChoice, MenuItem, MenuLine } from '../ui/menu.tsx';
import { chooseTheme, useThemeChoice } from './theme.ts';

const ROLE_NAMES = { viewer: 'roleViewer', editor: 'roleEditor', admin: 'roleAdmin' } as const;

interface TopBarProps {
  readonly operator: SessionOperator;
  readonly openMenu: () => void;
}

export function TopBar({ operator, openMenu }: TopBarProps) {
  const { t } = useTranslation('shell');
  return (
    <header className="flex h-12 shrink-0 items-center gap-2 border-b border-line bg-panel px-3 lg:px-6">
      <Button kind="quiet" size="icon" aria-label={t('menu')} onClick={openMenu} className="lg:hidden">
        <MenuIcon aria-hidden />
      </Button>
      <LiveMark />
      <div className="flex-1" />
      <OperatorMenu operator={operator} />
    </header>
  );
}

/** Whether what is shown is kept up to date. */
function LiveMark() {
  const { t } = useTranslation('shell');
  const { connection, retryInMs, pulse } = useLive();
  const isOpen = connection === 'open';
  const text = {
    open: t('live'),
    connecting: t('liveConnecting'),
    waiting: t('liveOff', { seconds: Math.ceil(retryInMs / 1000) }),
  }[connection];
  return (
    <span role="status" className="flex items-center gap-2 truncate text-xs text-muted">
      <span className={classes('size-2 shrink-0 rounded-full', isOpen ? 'bg-good' : 'bg-warn')} aria-hidden />
      {text}
      {pulse === undefined ? null : (
        <span className="hidden tabular-nums sm:inline">· {pulse.requests_per_second.toFixed(1)} req/s</span>
      )}
    </span>
  );
}

function OperatorMenu({ operator }: { readonly operator: SessionOperator }) {
  const { t, i18n } = useTranslation('shell');
  const theme = useThemeChoice();
  const trigger = (
    <Button kind="quiet" className="max-w-64">
      <UserRound aria-hidden />
      <span className="truncate">{operator.by === 'admin-key' ? t('wayAdminKey') : operator.name}</span>
    </Button>
  );
  return (
    <Menu trigger={trigger}>
      <div className="px-2 py-1.5 text-xs text-muted">
        {t(ROLE_NAMES[operator.role])}
        {operator.projects === null ? '' : ` · ${operator.projects.join(', ')}`}
      </div>
      <MenuLine />
      <MenuChoice
        label={t('language')}
        value={i18n.language as Language}
        choices={[
          ['en', 'English'],
          ['zh', '中文'],
        ]}
        onChange={(language) => void speak(language)}
      />
      <MenuLine />
      <MenuChoice
        label={t('theme')}
        value={theme}
        choices={[
          ['light', t('themeLight')],
          ['dark', t('themeDark')],
          ['system', t('themeSystem')],
        ]}
        onChange={chooseTheme}
      />
      <MenuLine />
      <MenuItem onSelect={() => void signOut()}>
        <LogOut aria-hidden />
        {t('signOut')}
      </MenuItem>
    </Menu>
  );
}
