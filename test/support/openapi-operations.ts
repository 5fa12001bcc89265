import { type JsonObject, asString, isJsonObject } from '../../src/core/json.ts';
import { pathsOf, schemaErrorsAt } from './openapi-validator.ts';

/** A schema of OpenAI's document: where it stands there, and what it says. */
export interface PlacedSchema {
  readonly pointer: string;
  readonly schema: JsonObject;
}

/** An operation of OpenAI's OpenAPI document. */
export interface DocumentedOperation {
  readonly method: string;
  /** With `{names}` in it. */
  readonly path: string;
  readonly query: readonly (PlacedSchema & { readonly name: string; readonly required: boolean })[];
  /** By content type. */
  readonly bodies: ReadonlyMap<string, PlacedSchema>;
  readonly answers: ReadonlyMap<string, PlacedSchema>;
}

/** The operation under a path such as `/v1/files/:id`; undefined where the document has none. */
export function documentedOperation(method: string, route: string): DocumentedOperation | undefined {
  const parts = route.replace(/^\/v1/, '').split('/');
  const isIt = (path: string): boolean => {
    const others = path.split('/');
    return (
      others.length === parts.length && others.every((part, at) => part === parts[at] || isName(part, parts[at] ?? ''))
    );
  };
  for (const [path, methods] of Object.entries(pathsOf('openai'))) {
    const operation = isIt(path) ? methods[method.toLowerCase()] : undefined;
    if (isJsonObject(operation)) return read(method, path, operation);
  }
  return undefined;
}

function isName(documented: string, part: string): boolean {
  return documented.startsWith('{') && part.startsWith(':');
}

function read(method: string, path: string, operation: JsonObject): DocumentedOperation {
  const place = `/paths/${path.replaceAll('~', '~0').replaceAll('/', '~1')}/${method.toLowerCase()}`;
  const parameters = Array.isArray(operation['parameters']) ? operation['parameters'] : [];
  const query = parameters.flatMap((parameter, at) => {
    if (!isJsonObject(parameter) || parameter['in'] !== 'query') return [];
    const schema = isJsonObject(parameter['schema']) ? parameter['schema'] : {};
    const required = parameter['required'] === true;
    return [{ name: asString(parameter['name']) ?? '', required, schema, pointer: `${place}/parameters/${at}/schema` }];
  });
  const body = contentOf(operation['requestBody'], `${place}/requestBody/content`);
  const answers = isJsonObject(operation['responses']) ? operation['responses']['200'] : undefined;
  return { method, path, query, bodies: body, answers: contentOf(answers, `${place}/responses/200/content`) };
}

function contentOf(of: unknown, place: string): Map<string, PlacedSchema> {
  const content = isJsonObject(of) && isJsonObject(of['content']) ? of['content'] : {};
  return new Map(
    Object.entries(content).map(([type, media]) => {
      const schema = isJsonObject(media) && isJsonObject(media['schema']) ? media['schema'] : {};
      return [type, { schema, pointer: `${place}/${type.replaceAll('~', '~0').replaceAll('/', '~1')}/schema` }];
    }),
  );
}

/** What a value is not, by a schema of the document. */
export function errorsOf({ pointer }: PlacedSchema, value: unknown): string[] {
  return schemaErrorsAt('openai', pointer, value);
}
