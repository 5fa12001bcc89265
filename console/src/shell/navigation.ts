import {
  Bell,
  Boxes,
  Database,
  FlaskConical,
  Gauge,
  KeyRound,
  ListTree,
  type LucideIcon,
  MessagesSquare,
  Settings,
  ShieldCheck,
  Split,
  Wallet,
} from 'lucide-react';

import type { Texts } from '../i18n/i18n.ts';

interface NavigationEntry {
  readonly to: string;
  readonly name: keyof Texts['shell'];
  readonly icon: LucideIcon;
  /** Nothing in it is of one project: not shown to those who see some projects alone. */
  readonly ofWhole?: true;
}

interface NavigationGroup {
  readonly name: keyof Texts['shell'];
  readonly entries: readonly NavigationEntry[];
}

export const NAVIGATION: readonly NavigationGroup[] = [
  {
    name: 'observe',
    entries: [
      { to: '/', name: 'overview', icon: Gauge },
      { to: '/requests', name: 'requests', icon: ListTree },
      { to: '/conversations', name: 'conversations', icon: MessagesSquare },
      { to: '/cost', name: 'cost', icon: Wallet },
      { to: '/alerts', name: 'alerts', icon: Bell, ofWhole: true },
    ],
  },
  {
    name: 'control',
    entries: [
      { to: '/models', name: 'models', icon: Boxes, ofWhole: true },
      { to: '/rollouts', name: 'rollouts', icon: Split, ofWhole: true },
      { to: '/cache', name: 'cache', icon: Database, ofWhole: true },
      { to: '/keys', name: 'keys', icon: KeyRound },
      { to: '/safety', name: 'safety', icon: ShieldCheck },
    ],
  },
  {
    name: 'run',
    entries: [
      { to: '/playground', name: 'playground', icon: FlaskConical },
      { to: '/settings', name: 'settings', icon: Settings },
    ],
  },
];
