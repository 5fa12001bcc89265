import { type FieldSchema, plainOrSection } from './field-schema.ts';
import { FILE_SCHEMA } from './schema.ts';

const REFERENCE_BEGIN = '<!-- reference: begin (written by npm run generate) -->';
const REFERENCE_END = '<!-- reference: end -->';

/** The document with every key of the schema between its two marks. @throws RangeError where a mark is missing */
export function withReference(markdown: string): string {
  const begin = markdown.indexOf(REFERENCE_BEGIN);
  const end = markdown.indexOf(REFERENCE_END);
  if (begin < 0 || end < begin) throw new RangeError(`the document has no "${REFERENCE_BEGIN}" … "${REFERENCE_END}"`);
  return `${markdown.slice(0, begin + REFERENCE_BEGIN.length)}\n\n${reference()}\n${markdown.slice(end)}`;
}

/** A heading and a table for each part of the file. */
function reference(): string {
  return Object.entries(FILE_SCHEMA.properties ?? {})
    .map(([name, part]) => `### \`${name}\`\n\n${part.description ?? ''}\n\n${tables(part)}`)
    .join('\n');
}

/** A table of the part, or one for each `type` that its entries can have. */
function tables(part: FieldSchema): string {
  const variants = part.additionalProperties ? part.additionalProperties.anyOf : undefined;
  if (!variants) return table(rows(part, ''));
  return variants
    .map((variant) => {
      const { type, ...others } = variant.properties ?? {};
      const body = table(rows({ ...variant, properties: others }, '<name>'));
      return `#### \`type: ${type?.const ?? ''}\`\n\n${type?.description ?? ''}\n\n${body}`;
    })
    .join('\n');
}

function table(lines: readonly string[]): string {
  return `| key | what to write | default | meaning |\n|---|---|---|---|\n${lines.join('\n')}\n`;
}

/** `around` is the section that the field stands in. */
function rows(schema: FieldSchema, key: string, isRequired = false, around?: FieldSchema): string[] {
  if (schema['x-shared']) return [row(schema, key, isRequired)];
  if (schema.properties) {
    const { properties, required = [] } = schema;
    return Object.entries(properties).flatMap(([name, field]) =>
      rows(field, key === '' ? name : `${key}.${name}`, required.includes(name), schema),
    );
  }
  const items = schema.items && (plainOrSection(schema.items)?.section ?? schema.items);
  if (items && isVariants(items)) return [row(schema, key, isRequired), ...variantRows(items, `${key}[]`)];
  if (items?.properties) return [row(schema, key, isRequired), ...rows(items, `${key}[]`)];
  const entry = schema.additionalProperties;
  if (!entry) return [row(schema, key, isRequired)];
  const entryKey = key === '' ? '<name>' : `${key}.<name>`;
  if (isVariants(entry)) {
    return [`| \`${entryKey}\` | section | – | ${schema.description ?? ''} |`, ...variantRows(entry, entryKey)];
  }
  if (repeats(entry, around)) {
    const names = Object.keys(entry.properties ?? {});
    const keys = `Its keys: \`${names[0]}\` to \`${names.at(-1)}\` of those above.`;
    return [`| \`${entryKey}\` | section | – | ${schema.description ?? ''} ${keys} |`];
  }
  return rows({ ...entry, description: schema.description ?? '' }, entryKey);
}

/** Whether it is one of several sections, told apart by the word under `type`. */
function isVariants({ anyOf }: FieldSchema): boolean {
  return anyOf?.every(({ properties }) => properties?.['type']?.const !== undefined) ?? false;
}

/** The keys of all variants of a section: one that several have in common is told once, with theirs. */
function variantRows({ anyOf: variants = [] }: FieldSchema, key: string): string[] {
  const fields = new Map<
    FieldSchema,
    { readonly name: string; readonly types: string[]; readonly isRequired: boolean }
  >();
  for (const { properties = {}, required = [] } of variants) {
    const { type, ...others } = properties;
    for (const [name, field] of Object.entries(others)) {
      const known = fields.get(field) ?? { name, types: [], isRequired: required.includes(name) };
      fields.set(field, known);
      known.types.push(`\`${type?.const ?? ''}\``);
    }
  }
  const words = variants.map(({ properties }) => properties?.['type'] ?? {});
  const meaning = words.map(({ const: word, description }) => `\`${word}\`: ${description}`).join(' ');
  const choices = words.map(({ const: word }) => `\`${word}\``).join(', ');
  return [
    `| \`${key}.type\` | ${choices} | required | ${meaning} |`,
    ...[...fields].flatMap(([field, { name, types, isRequired }]) => {
      const whose = types.length === variants.length ? '' : `${types.join(', ')}: `;
      const told = { ...field, description: `${whose}${field.description ?? ''}` };
      return rows(told, `${key}.${name}`, isRequired);
    }),
  ];
}

/** Whether a section has only fields of the section around it, so that their rows would stand there twice. */
function repeats(entry: FieldSchema, around: FieldSchema | undefined): boolean {
  const fields = Object.entries(entry.properties ?? {});
  return fields.length > 0 && fields.every(([name, field]) => around?.properties?.[name] === field);
}

function row(schema: FieldSchema, key: string, isRequired: boolean): string {
  const restart = schema['x-restart'] ? ' Takes effect with the next start.' : '';
  const value = schema.default === undefined ? '–' : `\`${schema.default}\``;
  const cells = [
    `\`${key}\``,
    written(schema),
    isRequired ? 'required' : value,
    `${schema.description ?? ''}${restart}`,
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function written(schema: FieldSchema): string {
  if (schema.type === 'array' && (schema.items?.properties || isVariants(schema.items ?? {})))
    return 'list of sections';
  if (schema['x-shared']) return `section with keys of \`${schema['x-shared'].keysOf}\``;
  if (schema.type === 'array') return `list of ${written(schema.items ?? {})}`;
  const either = plainOrSection(schema);
  if (either) return `${written(either.plain)} or sections`;
  if (schema.enum) return schema.enum.map((word) => `\`${word}\``).join(', ');
  if (schema['x-kind'] === 'duration') return 'duration, e.g. `10s`';
  if (schema['x-kind'] === 'age') return 'duration, e.g. `30d`';
  if (schema['x-kind'] === 'size') return 'size, e.g. `10MB`';
  if (schema['x-kind'] === 'rate') return 'rate, e.g. `500/1m`';
  if (schema['x-kind'] === 'target') return '`provider/model`';
  if (schema['x-kind'] === 'url') return 'URL';
  if (schema['x-kind'] === 'timeOfDay') return 'time of day, e.g. `09:30`';
  if (schema.writeOnly) return 'text (secret)';
  if (schema.type === 'boolean') return '`true`, `false`';
  if (schema.type === 'string') return 'text';
  const range = schema.maximum === undefined ? `≥ ${schema.minimum ?? 0}` : `${schema.minimum ?? 0}–${schema.maximum}`;
  return `${schema.type === 'integer' ? 'whole number' : 'number'} ${range}`;
}
