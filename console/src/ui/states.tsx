import { CircleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { ApiError, messageOf } from '../api/api-error.ts';
import { Button } from './button.tsx';
import { classes } from './classes.ts';

interface EmptyProps {
  readonly title: ReactNode;
  /** What this will show, and what to do to see something here. */
  readonly children?: ReactNode;
  readonly action?: ReactNode;
  readonly className?: string;
}

/** Nothing yet: says what belongs here and how it comes. */
export function Empty({ title, children, action, className }: EmptyProps) {
  return (
    <div className={classes('mx-auto flex max-w-2xl flex-col items-center gap-2 px-6 py-10 text-center', className)}>
      <p className="font-medium">{title}</p>
      {children === undefined ? null : <div className="max-w-full text-[13px] text-balance text-muted">{children}</div>}
      {action === undefined ? null : <div className="mt-2">{action}</div>}
    </div>
  );
}

interface FailureProps {
  readonly error: unknown;
  readonly retry?: () => void;
  readonly className?: string;
}

const SERVER_FAULTS = 500;

/** What could be asked again was to be shown; the rest was to be done. */
function headingOf(error: unknown, isLoad: boolean): 'failed' | 'refused' | 'notDone' {
  if (error instanceof ApiError && error.status < SERVER_FAULTS) return 'refused';
  return isLoad ? 'failed' : 'notDone';
}

/** What went wrong, in the gateway's own words, and a way to go on. */
export function Failure({ error, retry, className }: FailureProps) {
  const { t } = useTranslation();
  return (
    <div role="alert" className={classes('flex items-start gap-3 rounded-md bg-bad-soft p-3 text-[13px]', className)}>
      <CircleAlert className="mt-0.5 size-4 shrink-0 text-bad" aria-hidden />
      <div className="min-w-0 flex-1">
        <p className="font-medium text-bad">{t(headingOf(error, retry !== undefined))}</p>
        <p className="mt-0.5 break-words whitespace-pre-wrap">{messageOf(error)}</p>
      </div>
      {retry === undefined ? null : (
        <Button size="small" onClick={retry}>
          {t('retry')}
        </Button>
      )}
    </div>
  );
}

interface NoteProps {
  readonly tone?: 'neutral' | 'warn' | 'good';
  readonly children: ReactNode;
  readonly className?: string;
}

const GROUNDS = { neutral: 'bg-raised', warn: 'bg-warn-soft', good: 'bg-good-soft' };

/** A remark that stands in a page. */
export function Note({ tone = 'neutral', children, className }: NoteProps) {
  return <div className={classes('rounded-md px-3 py-2 text-[13px]', GROUNDS[tone], className)}>{children}</div>;
}
