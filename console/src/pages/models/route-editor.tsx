import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { messageOf } from '../../api/api-error.ts';
import { client } from '../../api/client.ts';
import { askAgain } from '../../api/query-client.ts';
import { Button } from '../../ui/button.tsx';
import { Json } from '../../ui/code.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, TextArea } from '../../ui/field.tsx';
import { Segments } from '../../ui/segments.tsx';
import { Failure, Note } from '../../ui/states.tsx';
import { toast } from '../../ui/toast.tsx';
import { useSubmit } from '../../ui/use-submit.ts';
import { type Route, readRoute, routeOfModel, withoutRules } from './route-draft.ts';
import { RouteFields } from './route-fields.tsx';
import { RoutePreviewView } from './route-preview.tsx';
import { SaveRoute } from './save-route.tsx';
import { useBaseRoute } from './use-base-route.ts';
import type { Model, RoutePreview } from './wire.ts';

interface RouteEditorProps {
  readonly model: Model;
  readonly onClose: () => void;
}

async function preview(model: string, route: Route): Promise<RoutePreview | undefined> {
  return (await client.POST('/admin/v1/routes/preview', { body: { model, set: { route } } })).data;
}

/** The route as it is edited: as fields, or as text that may not be JSON for the moment. */
function useRouteDraft(first: Route) {
  const [tab, setTab] = useState<'form' | 'json'>('form');
  const [route, setRoute] = useState(first);
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string>();
  return {
    tab,
    route,
    text,
    problem,
    setRoute,
    choose: (next: 'form' | 'json') => {
      if (next === 'json') setText(JSON.stringify(route, undefined, 2));
      else setProblem(undefined);
      setTab(next);
    },
    type: (typed: string) => {
      setText(typed);
      try {
        setRoute(readRoute(typed));
        setProblem(undefined);
      } catch (thrown) {
        setProblem(messageOf(thrown));
      }
    },
  };
}

/** Another route for everybody: first what it would change, then into force. */
export function RouteEditor({ model, onClose }: RouteEditorProps) {
  const { t } = useTranslation(['models', 'common']);
  const base = useBaseRoute(model);
  const draft = useRouteDraft(base.inForce ?? withoutRules(base.ofFile ?? routeOfModel(model)));
  const [seen, setSeen] = useState<{ readonly of: Route; readonly told: RoutePreview }>();
  const [isSaving, setSaving] = useState(false);
  const { busy, submit, errorBeside, clear } = useSubmit();
  const isSeen = seen?.of === draft.route;
  const look = (): void => {
    void submit(async () => {
      const told = await preview(model.name, draft.route);
      if (told !== undefined) setSeen({ of: draft.route, told });
    });
  };
  const save = async (): Promise<void> => {
    const { name } = model;
    await client.PUT('/admin/v1/routes/{id}', { params: { path: { id: name } }, body: { route: { ...draft.route } } });
    await askAgain('/admin/v1/models', '/admin/v1/routes');
    toast.good(t('routeSaved', { model: name }));
    onClose();
  };
  const buttons = (
    <>
      <Button onClick={onClose}>{t('common:cancel')}</Button>
      <Button busy={busy} disabled={draft.problem !== undefined} onClick={look}>
        {t('preview')}
      </Button>
      <Button
        kind="primary"
        disabled={!isSeen}
        title={isSeen ? undefined : t('previewFirst')}
        onClick={() => setSaving(true)}
      >
        {t('putInForce')}
      </Button>
    </>
  );
  const error = errorBeside();
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('editRouteOf', { model: model.name })}
      hint={t('editRouteHint')}
      actions={buttons}
      wide
    >
      <RouteDraftView draft={draft} model={model} onEdit={clear} />
      {base.ofFile === undefined ? null : <Base route={base.ofFile} />}
      {error === undefined ? null : <Failure error={error} />}
      {seen !== undefined && isSeen ? <RoutePreviewView told={seen.told} /> : <Note>{t('previewHint')}</Note>}
      {isSaving && seen !== undefined ? (
        <SaveRoute model={model.name} told={seen.told} onClose={() => setSaving(false)} save={save} />
      ) : null}
    </Dialog>
  );
}

function Base({ route }: { readonly route: Route }) {
  const { t } = useTranslation('models');
  return (
    <details className="text-[13px]">
      <summary className="font-medium">{t('baseRoute')}</summary>
      <p className="my-1 text-xs text-muted">{t('baseRouteHint')}</p>
      <Json value={route} />
    </details>
  );
}

interface RouteDraftViewProps {
  readonly draft: ReturnType<typeof useRouteDraft>;
  readonly model: Model;
  readonly onEdit: () => void;
}

function RouteDraftView({ draft, model, onEdit }: RouteDraftViewProps) {
  const { t } = useTranslation('models');
  const { tab, route, text, problem } = draft;
  return (
    <>
      <Segments
        label={t('editAs')}
        value={tab}
        choices={[
          ['form', t('asForm')],
          ['json', 'JSON'],
        ]}
        onChange={draft.choose}
      />
      {tab === 'form' ? (
        <RouteFields
          route={route}
          fallbacks={model.targets.filter(({ role }) => role === 'fallback').map(({ target }) => target)}
          rules={model.route?.rules ?? []}
          onChange={(next) => {
            onEdit();
            draft.setRoute(next);
          }}
        />
      ) : (
        <Field label={t('routeJson')} hint={t('routeJsonHint')} error={problem}>
          <TextArea
            rows={14}
            className="font-mono text-xs"
            value={text}
            onChange={({ target }) => {
              onEdit();
              draft.type(target.value);
            }}
          />
        </Field>
      )}
    </>
  );
}
