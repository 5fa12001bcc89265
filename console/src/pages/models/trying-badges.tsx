import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import { Badge } from '../../ui/badge.tsx';
import type { Model } from './wire.ts';

type Trying = Model['trying'][number];

const PATHS: Readonly<Record<string, string>> = {
  flag: 'flags',
  experiment: 'experiments',
  canary: 'canaries',
  shadow: 'shadows',
};

/** Where one of them is shown; a route is shown with its model. */
export function addressOfTrying({ kind, id }: Trying): string {
  const path = PATHS[kind];
  return path === undefined ? `/models/${encodeURIComponent(id)}` : `/rollouts/${path}/${encodeURIComponent(id)}`;
}

const KNOWN = ['flag', 'experiment', 'canary', 'shadow', 'route'] as const;

export function useKindWord(): (kind: string) => string {
  const { t } = useTranslation('models');
  return (kind) => {
    const known = KNOWN.find((one) => one === kind);
    return known === undefined ? kind : t(`kind_${known}`);
  };
}

function toneOf({ in_force: inForce, problem }: Trying) {
  if (problem !== null) return 'bad';
  return inForce ? 'accent' : 'neutral';
}

/** What is tried of a model, each with the way to it. */
export function TryingBadges({ trying }: { readonly trying: readonly Trying[] }) {
  const wordOf = useKindWord();
  return (
    <span className="flex gap-1 overflow-hidden">
      {trying.map((one) => (
        <Link key={`${one.kind} ${one.id}`} to={addressOfTrying(one)} title={`${wordOf(one.kind)} ${one.id}`}>
          <Badge tone={toneOf(one)}>{wordOf(one.kind)}</Badge>
        </Link>
      ))}
    </span>
  );
}
