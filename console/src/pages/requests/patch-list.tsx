import { useTranslation } from 'react-i18next';

import { Badge } from '../../ui/badge.tsx';
import { shownPatches } from './patches.ts';
import { placed } from './placed.ts';
import type { Patch } from './trace-types.ts';

interface PatchListProps {
  readonly patches: readonly Patch[];
  /** The client's body, as far as it was kept. */
  readonly input: unknown;
}

/** What the gateway changed in the client's body: before, and after. */
export function PatchList({ patches, input }: PatchListProps) {
  const { t } = useTranslation('requests');
  return (
    <div>
      <h4 className="mb-1.5 text-xs font-medium text-muted">{t('patches')}</h4>
      {patches.length === 0 ? <p className="text-[13px] text-muted">{t('patchesNone')}</p> : null}
      <ul className="space-y-2">
        {placed(shownPatches(patches, input)).map(({ key, item: { op, path, before, after } }) => (
          <li key={key} className="rounded-md border border-line">
            <div className="flex items-center gap-2 border-b border-line px-2 py-1">
              <Badge>{t(`patchOp.${op}`)}</Badge>
              <code className="font-mono text-xs break-all">{path}</code>
            </div>
            <div className="grid gap-px bg-line sm:grid-cols-2">
              <Side name={t('patchBefore')} text={before} look="bg-bad-soft" />
              <Side name={t('patchAfter')} text={after} look="bg-good-soft" />
            </div>
          </li>
        ))}
      </ul>
    </div>
  );
}

interface SideProps {
  readonly name: string;
  readonly text: string | undefined;
  readonly look: string;
}

function Side({ name, text, look }: SideProps) {
  const { t } = useTranslation('requests');
  return (
    <div className={`min-w-0 px-2 py-1.5 ${text === undefined ? 'bg-panel' : look}`}>
      <span className="sr-only">{name}</span>
      {text === undefined ? (
        <span className="text-xs text-muted">{t('patchAbsent')}</span>
      ) : (
        <pre className="max-h-48 overflow-auto font-mono text-xs break-words whitespace-pre-wrap" tabIndex={0}>
          {text}
        </pre>
      )}
    </div>
  );
}
