import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';

import { setChanged } from '../core/admin-request.ts';
import { ERRORS } from '../core/errors.ts';
import { readSave, readText } from './config-body.ts';
import { type ConfigDesk, MOST_TEXT, type Saved, type ShownConfig } from './config-desk.ts';
import type { EffectiveValue } from './effective.ts';
import type { Problem } from './problems.ts';

/** JSON may write a character as six. */
const BODY_LIMIT = 6 * MOST_TEXT + 10_000;
/** What comes is read by hand: a check by schema makes an empty text of null. */
const BY_HAND = { bodyLimit: BODY_LIMIT, validatorCompiler: () => () => true };

const Value = Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()]);
const TextField = Type.String({
  description:
    'YAML, at most 256 KB. A placeholder ‹secret:…› stands for the secret that the file has at the same key.',
});
const Version = Type.Union([Type.String(), Type.Null()], {
  description: 'A hash of the file; null where there is no file',
});
const Paths = Type.Array(Type.String(), { description: 'Keys that wait for the next start' });

const ProblemView = Type.Object({
  path: Type.String({ description: '`models.chat.target`; empty for the file as a whole' }),
  line: Type.Integer(),
  column: Type.Integer(),
  message: Type.String(),
  suggestion: Type.Union([Type.String(), Type.Null()], { description: 'The word that was probably meant' }),
  source: Type.String({ description: 'file, or environment: what is wrong is a variable, and has no line' }),
});
const ChangeView = Type.Object({ path: Type.String(), before: Value, after: Value, restart: Type.Boolean() });

const EffectiveView = Type.Object({
  path: Type.String(),
  value: Value,
  origin: Type.String({ description: 'default, file, env:NAME, preset or admin (the admin API)' }),
  line: Type.Union([Type.Integer(), Type.Null()]),
  column: Type.Union([Type.Integer(), Type.Null()]),
  secret: Type.Boolean({ description: 'true: dots stand in its place, before its last characters' }),
  restart: Type.Boolean({ description: 'A change takes effect only with the next start' }),
  variables: Type.Array(Type.String(), { description: 'Of the environment, that the file names there' }),
});

const ConfigView = Type.Object({
  path: Type.String(),
  exists: Type.Boolean(),
  writable: Type.Boolean(),
  locked: Type.Union([Type.String(), Type.Null()], { description: 'Why it cannot be saved here' }),
  text: Type.String({ description: 'The file, with placeholders for the secrets that are written out in it' }),
  version: Version,
  loaded_at: Type.String({ description: 'When what is in force was read' }),
  problems: Type.Array(ProblemView, { description: 'Why the file as it is now is not in force' }),
  effective: Type.Array(EffectiveView),
  restart_pending: Paths,
});

const CheckedView = Type.Object({
  valid: Type.Boolean(),
  problems: Type.Array(ProblemView),
  changes: Type.Array(ChangeView, { description: 'Against what is in force' }),
});
const SavedView = Type.Object({
  version: Type.String(),
  how: Type.String({ description: 'replaced, in_place or created' }),
  backup: Type.Union([Type.String(), Type.Null()], { description: 'Where the former file is' }),
  changes: Type.Array(ChangeView),
  in_force: Type.Array(Type.String(), { description: 'Keys that changed and hold for the next request' }),
  restart_pending: Paths,
});
const errorFields = { message: Type.String(), type: Type.String(), param: Type.String(), code: Type.String() };
const RefusedView = Type.Object({ error: Type.Object({ ...errorFields, problems: Type.Array(ProblemView) }) });
const ConflictView = Type.Object({
  error: Type.Object({
    ...errorFields,
    param: Type.Union([Type.String(), Type.Null()]),
    problems: Type.Optional(
      Type.Array(ProblemView, { description: 'There where the file was saved, and cannot be put in force' }),
    ),
  }),
});

const CheckBody = Type.Object({ text: TextField }, { additionalProperties: false });
const SaveBody = Type.Object({ text: TextField, version: Version }, { additionalProperties: false });

/** `/admin/v1/config`: the configuration file, and what is in force. */
export function configRoutes(desk: ConfigDesk): (app: FastifyInstance) => void {
  return (app) => {
    app.get(
      '/admin/v1/config',
      {
        schema: {
          summary: 'The configuration file without its secrets, and each value in force with where it came from',
          tags: ['configuration'],
          response: { 200: ConfigView },
        },
      },
      async () => configView(await desk.show()),
    );
    app.post(
      '/admin/v1/config/validate',
      {
        ...BY_HAND,
        schema: {
          summary: 'What is wrong with a configuration, or what it would change; nothing is saved',
          tags: ['configuration'],
          body: CheckBody,
          response: { 200: CheckedView },
        },
      },
      async ({ body }) => {
        const { problems, changes } = await desk.check(readText(body));
        return { valid: problems.length === 0, problems: problems.map(problemView), changes };
      },
    );
    saveRoute(app, desk);
  };
}

function saveRoute(app: FastifyInstance, desk: ConfigDesk): void {
  app.put(
    '/admin/v1/config',
    {
      ...BY_HAND,
      schema: {
        summary: 'Save the configuration file and put it in force; one with mistakes is refused, with their places',
        tags: ['configuration'],
        body: SaveBody,
        response: { 200: SavedView, 400: RefusedView, 409: ConflictView },
      },
    },
    async (request, reply) => {
      const { text, version } = readSave(request.body);
      const saved = await desk.save(text, version);
      if (!saved.written) return reply.code(400).send(refusal(saved.problems));
      if (saved.problems.length === 0) return savedView(saved);
      // The file is another one by now, whatever holds: that is noted as a change.
      setChanged(request);
      return reply.code(409).send(unusable(saved.problems));
    },
  );
}

function savedView(saved: Extract<Saved, { readonly written: object }>): Static<typeof SavedView> {
  const { written, version, changes, restartPending } = saved;
  return {
    version,
    how: written.how,
    backup: written.backup ?? null,
    changes: [...changes],
    in_force: changes.filter(({ restart }) => !restart).map(({ path }) => path),
    restart_pending: [...restartPending],
  };
}

/** As errors are in OpenAI's dialect, with all problems beside the first. */
function refusal(problems: readonly Problem[]): Static<typeof RefusedView> {
  const [first] = problems;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  const message = first
    ? `Nothing was saved. Line ${first.line}, column ${first.column}: ${first.key}: ${first.message}${more}`
    : 'Nothing was saved.';
  return errorView('request_invalid', message, problems);
}

/** Something that it names was changed in the same moment. */
function unusable(problems: readonly Problem[]): Static<typeof RefusedView> {
  const why = problems[0]?.message ?? 'it cannot be read';
  const message = `The file was saved, but cannot be put in force: ${why}. What was in force before stays so.`;
  return errorView('conflict', message, problems);
}

function errorView(
  code: 'request_invalid' | 'conflict',
  message: string,
  problems: readonly Problem[],
): Static<typeof RefusedView> {
  const { openai: type } = ERRORS[code];
  return { error: { message, type, param: 'text', code, problems: problems.map(problemView) } };
}

function problemView({ key, line, column, message, file }: Problem): Static<typeof ProblemView> {
  const [, suggestion] = /did you mean "([^"]+)"\?/.exec(message) ?? [];
  const source = file === 'environment' ? file : 'file';
  return { path: key, line, column, message, suggestion: suggestion ?? null, source };
}

function configView(shown: ShownConfig): Static<typeof ConfigView> {
  const { path, exists, locked, text, version, loadedAt, problems, effective, restartPending } = shown;
  return {
    path,
    exists,
    writable: locked === undefined,
    locked: locked ?? null,
    text,
    version,
    loaded_at: new Date(loadedAt).toISOString(),
    problems: problems.map(problemView),
    effective: effective.map(effectiveView),
    restart_pending: [...restartPending],
  };
}

function effectiveView(one: EffectiveValue): Static<typeof EffectiveView> {
  const { path, value, origin, line, column, secret, restart, variables } = one;
  return {
    path,
    value,
    origin,
    line: line ?? null,
    column: column ?? null,
    secret,
    restart,
    variables: [...variables],
  };
}
