import { FileText, Image as ImageIcon, Reply, Wrench } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { Badge } from '../../ui/badge.tsx';
import { classes } from '../../ui/classes.ts';
import { Code, Json } from '../../ui/code.tsx';
import { known } from './badges.tsx';
import { LongText } from './long-text.tsx';
import type { Message, Part } from './messages.ts';
import { placed } from './placed.ts';

const EDGES: Readonly<Record<string, string>> = {
  user: 'border-l-accent',
  assistant: 'border-l-strong-line',
  tool: 'border-l-warn',
};

/** Messages in their order, whoever said them in whatever API. Everything in them is text. */
export function Talk({ messages }: { readonly messages: readonly Message[] }) {
  return (
    <ol className="space-y-2">
      {placed(messages).map(({ key, item: message }) => (
        <li key={key}>
          <MessageView message={message} />
        </li>
      ))}
    </ol>
  );
}

function MessageView({ message: { role, parts } }: { readonly message: Message }) {
  const { t } = useTranslation('requests');
  const roles = t('role', { returnObjects: true });
  const name = known(roles, role);
  return (
    <article className={classes('rounded-md border border-l-2 border-line px-3 py-2', EDGES[role])}>
      <h4 className="mb-1 text-xs font-semibold text-muted">{name === undefined ? role : roles[name]}</h4>
      <div className="space-y-2 text-[13px] leading-relaxed">
        {parts.length === 0 ? <p className="text-muted">{t('emptyMessage')}</p> : null}
        {placed(parts).map(({ key, item: part }) => (
          <PartView key={key} part={part} />
        ))}
      </div>
    </article>
  );
}

function PartView({ part }: { readonly part: Part }) {
  const { t } = useTranslation('requests');
  switch (part.kind) {
    case 'text':
      return <LongText text={part.text} />;
    case 'reasoning':
      return (
        <details className="rounded bg-raised px-2 py-1">
          <summary className="text-xs font-medium text-muted">{t('reasoning')}</summary>
          <LongText text={part.text} className="pt-1 text-muted" />
        </details>
      );
    case 'refusal':
      return (
        <div className="rounded bg-warn-soft px-2 py-1">
          <Badge tone="warn">{t('refusal')}</Badge> <LongText text={part.text} />
        </div>
      );
    case 'media':
      return <Media part={part} />;
    case 'tool-call':
      return (
        <ToolPart
          icon={<Wrench className="size-3.5" aria-hidden />}
          title={t('toolCall', { name: part.name })}
          value={part.value}
          note={part.id}
        />
      );
    case 'tool-result':
      return (
        <ToolPart
          icon={<Reply className="size-3.5" aria-hidden />}
          title={part.id === undefined ? t('toolResultPlain') : t('toolResult', { id: part.id })}
          value={part.value}
        />
      );
    default:
      return (
        <ToolPart icon={<FileText className="size-3.5" aria-hidden />} title={t('otherPart')} value={part.value} />
      );
  }
}

interface ToolPartProps {
  readonly icon: ReactNode;
  readonly title: string;
  readonly value: unknown;
  readonly note?: string | undefined;
}

function ToolPart({ icon, title, value, note }: ToolPartProps) {
  return (
    <div className="min-w-0">
      <div className="mb-1 flex flex-wrap items-center gap-1.5 text-xs font-medium">
        {icon}
        <span className="break-all">{title}</span>
        {note === undefined ? null : <span className="font-mono font-normal break-all text-muted">{note}</span>}
      </div>
      {typeof value === 'string' ? <Code text={value} wrap /> : <Json value={value ?? null} />}
    </div>
  );
}

/** Nothing is loaded from where a prompt points to: it would tell somebody that it is read. */
function Media({ part: { what, from } }: { readonly part: Extract<Part, { kind: 'media' }> }) {
  const { t } = useTranslation('requests');
  return (
    <div className="inline-flex max-w-full items-center gap-2 rounded-md border border-dashed border-strong-line px-3 py-2 text-xs text-muted">
      <ImageIcon className="size-4 shrink-0" aria-hidden />
      <span className="min-w-0 truncate" title={from}>
        {t('media', { what: from === undefined ? what : `${what}, ${from}` })}
      </span>
    </div>
  );
}
