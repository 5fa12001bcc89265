import { Link } from '@tanstack/react-router';
import { ArrowLeft, FlaskConical } from 'lucide-react';
import { useTranslation } from 'react-i18next';

import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/code.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { Tooltip } from '../../ui/tooltip.tsx';
import { StatusBadge } from './badges.tsx';
import { CompareButton } from './compare-dialog.tsx';
import { asCurl } from './curl.ts';
import { lastList } from './last-list.ts';
import type { Trace } from './trace-types.ts';

/** Which request this is, and what can be done with it. */
export function TraceHeader({ trace }: { readonly trace: Trace }) {
  const { t } = useTranslation('requests');
  const title = (
    <span className="flex min-w-0 flex-wrap items-center gap-2">
      <span className="truncate">{trace.model ?? trace.endpoint}</span>
      <StatusBadge status={trace.status} />
    </span>
  );
  const hint = (
    <span className="flex flex-wrap items-center gap-1">
      <code className="font-mono text-xs break-all">{trace.trace_id}</code>
      <CopyButton text={trace.trace_id} />
    </span>
  );
  const actions = (
    <>
      <CopyCurl trace={trace} />
      <Button asChild>
        <Link to="/playground" search={{ trace: trace.trace_id }}>
          <FlaskConical aria-hidden />
          {t('openPlayground')}
        </Link>
      </Button>
      <CompareButton trace={trace} />
    </>
  );
  return (
    <>
      <Link
        to="/requests"
        search={lastList()}
        className="mb-1 inline-flex items-center gap-1 text-[13px] text-muted hover:text-ink"
      >
        <ArrowLeft aria-hidden className="size-3.5" />
        {t('toList')}
      </Link>
      <PageHeader title={title} hint={hint} actions={actions} />
    </>
  );
}

function CopyCurl({ trace }: { readonly trace: Trace }) {
  const { t } = useTranslation('requests');
  const command = asCurl(trace, location.origin);
  if (command !== undefined) return <CopyButton text={command} label={t('copyCurl')} />;
  return (
    <Tooltip text={t('noCurl')}>
      <span tabIndex={0} className="inline-flex cursor-help">
        <Button kind="quiet" size="small" disabled className="pointer-events-none">
          {t('copyCurl')}
        </Button>
      </span>
    </Tooltip>
  );
}
