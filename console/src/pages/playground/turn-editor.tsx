import { ArrowDown, ArrowUp, Trash2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { Button } from '../../ui/button.tsx';
import { Input, Select, TextArea } from '../../ui/field.tsx';
import { changePrompt, changeTurn, moveTurn, useBench } from './bench.ts';
import type { ToolCall, Turn, TurnRole } from './draft.ts';
import { rowsFor } from './text-rows.ts';

const ROLES: readonly TurnRole[] = ['user', 'assistant', 'tool'];

interface TurnEditorProps {
  readonly turn: Turn;
  readonly number: number;
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

export function TurnEditor({ turn, number, isFirst, isLast }: TurnEditorProps) {
  const { t } = useTranslation('playground');
  const { prompt } = useBench();
  const { key, role, text, calls, callId } = turn;
  const remove = (): void => changePrompt({ turns: prompt.turns.filter((one) => one.key !== key) });
  return (
    <fieldset className="rounded-md border border-line p-2">
      <legend className="sr-only">{t('message', { number })}</legend>
      <div className="mb-1.5 flex items-center gap-1">
        <Select
          aria-label={t('roleOf', { number })}
          className="h-7 w-32"
          value={role}
          onChange={({ target }) => changeTurn(key, { role: target.value as TurnRole })}
        >
          {ROLES.map((one) => (
            <option key={one} value={one}>
              {t(`role_${one}`)}
            </option>
          ))}
        </Select>
        <span className="flex-1" />
        <SmallButton label={t('moveUp', { number })} disabled={isFirst} onClick={() => moveTurn(key, -1)}>
          <ArrowUp aria-hidden />
        </SmallButton>
        <SmallButton label={t('moveDown', { number })} disabled={isLast} onClick={() => moveTurn(key, 1)}>
          <ArrowDown aria-hidden />
        </SmallButton>
        <SmallButton label={t('removeMessage', { number })} disabled={prompt.turns.length === 1} onClick={remove}>
          <Trash2 aria-hidden />
        </SmallButton>
      </div>
      {role === 'tool' ? (
        <Input
          aria-label={t('callIdOf', { number })}
          placeholder={t('callId')}
          className="mb-1.5 font-mono text-xs"
          value={callId}
          onChange={({ target }) => changeTurn(key, { callId: target.value })}
        />
      ) : null}
      <TextArea
        aria-label={t('textOf', { number })}
        rows={rowsFor(text, 3)}
        value={text}
        placeholder={role === 'user' ? t('userHint') : undefined}
        onChange={({ target }) => changeTurn(key, { text: target.value })}
      />
      <CallList calls={calls} />
    </fieldset>
  );
}

function CallList({ calls }: { readonly calls: readonly ToolCall[] }) {
  const { t } = useTranslation('playground');
  return calls.map(({ id, name, arguments: args }) => (
    <p key={id} className="mt-1 font-mono text-xs break-all text-muted">
      {t('calls')} {name}({args}) <span className="opacity-80">{id}</span>
    </p>
  ));
}

interface SmallButtonProps {
  readonly label: string;
  readonly disabled: boolean;
  readonly onClick: () => void;
  readonly children: ReactNode;
}

function SmallButton({ label, disabled, onClick, children }: SmallButtonProps) {
  return (
    <Button kind="quiet" size="small" aria-label={label} title={label} disabled={disabled} onClick={onClick}>
      {children}
    </Button>
  );
}
