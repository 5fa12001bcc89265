import type { ErrorCode } from '../src/core/errors.ts';
import type { FinishReason } from '../src/core/events.ts';
import type { Treatment, TranslationTable } from '../src/core/inference/translation.ts';
import { ANTHROPIC_FIELDS } from '../src/edge/dialects/anthropic/field-table.ts';
import { STOP_REASONS } from '../src/edge/dialects/anthropic/finish-reasons.ts';
import type { FieldRow } from '../src/edge/dialects/field-table.ts';
import { GEMINI_FIELDS } from '../src/edge/dialects/gemini/field-table.ts';
import { FINISH_REASONS as GEMINI_FINISH_REASONS } from '../src/edge/dialects/gemini/finish-reasons.ts';
import { OPENAI_FIELDS } from '../src/edge/dialects/openai/field-table.ts';
import { FINISH_REASONS } from '../src/edge/dialects/openai/finish-reasons.ts';
import { RESPONSES_FIELDS } from '../src/edge/dialects/responses/field-table.ts';
import { STATUSES } from '../src/edge/dialects/responses/finish-reasons.ts';
import { REASONS as ANTHROPIC_REASONS } from '../src/models/providers/anthropic/map-finish-reason.ts';
import { ANTHROPIC_TRANSLATION } from '../src/models/providers/anthropic/translation-table.ts';
import { REASONS as CONVERSE_REASONS } from '../src/models/providers/bedrock/map-finish-reason.ts';
import { CONVERSE_TRANSLATION } from '../src/models/providers/bedrock/translation-table.ts';
import {
  FAILURES as COHERE_FAILURES,
  REASONS as COHERE_REASONS,
} from '../src/models/providers/cohere/map-finish-reason.ts';
import { COHERE_TRANSLATION } from '../src/models/providers/cohere/translation-table.ts';
import {
  FAILURES as GEMINI_FAILURES,
  REASONS as GEMINI_REASONS,
} from '../src/models/providers/gemini/map-finish-reason.ts';
import { GEMINI_TRANSLATION } from '../src/models/providers/gemini/translation-table.ts';
import {
  FAILURES as OPENAI_FAILURES,
  REASONS as OPENAI_REASONS,
} from '../src/models/providers/openai/map-finish-reason.ts';
import { OPENAI_TRANSLATION } from '../src/models/providers/openai/translation-table.ts';

const BEGIN = '<!-- tables: begin (written by npm run generate) -->';
const END = '<!-- tables: end -->';

/** Worst first. */
const TREATMENTS: readonly Treatment[] = ['refused', 'approximated', 'mapped', 'carried'];

/** Who asks. */
interface Client {
  readonly name: string;
  readonly fields: readonly FieldRow[];
  /** Where it reads why an answer ended, and how each reason reads there. */
  readonly reasonField: string;
  readonly reasons: Readonly<Record<FinishReason, string>>;
}

/** What is asked, by its protocol. */
interface Target {
  readonly name: string;
  /** Whose clients are relayed to it. */
  readonly relays?: string;
  readonly table: TranslationTable;
  readonly reasons: ReadonlyMap<string, FinishReason>;
  /** Words that stand for an error. */
  readonly failures: ReadonlyMap<string, ErrorCode>;
}

const CLIENTS: readonly Client[] = [
  { name: 'OpenAI', fields: OPENAI_FIELDS, reasonField: 'finish_reason', reasons: FINISH_REASONS },
  { name: 'Responses', fields: RESPONSES_FIELDS, reasonField: 'status', reasons: STATUSES },
  { name: 'Anthropic', fields: ANTHROPIC_FIELDS, reasonField: 'stop_reason', reasons: STOP_REASONS },
  { name: 'Gemini', fields: GEMINI_FIELDS, reasonField: 'finishReason', reasons: GEMINI_FINISH_REASONS },
];

const TARGETS: readonly Target[] = [
  {
    name: 'OpenAI-shaped chat servers',
    relays: 'OpenAI',
    table: OPENAI_TRANSLATION,
    reasons: OPENAI_REASONS,
    failures: OPENAI_FAILURES,
  },
  {
    name: 'models of Anthropic',
    relays: 'Anthropic',
    table: ANTHROPIC_TRANSLATION,
    reasons: ANTHROPIC_REASONS,
    failures: new Map(),
  },
  {
    name: 'models of Gemini',
    relays: 'Gemini',
    table: GEMINI_TRANSLATION,
    reasons: GEMINI_REASONS,
    failures: new Map([...GEMINI_FAILURES.keys()].map((word) => [word, 'provider_bad_response'])),
  },
  { name: 'models of Bedrock', table: CONVERSE_TRANSLATION, reasons: CONVERSE_REASONS, failures: new Map() },
  { name: 'models of Cohere', table: COHERE_TRANSLATION, reasons: COHERE_REASONS, failures: COHERE_FAILURES },
];

/** The document with the tables of the code between its two marks. @throws RangeError where a mark is missing */
export function withTranslationTables(markdown: string): string {
  const begin = markdown.indexOf(BEGIN);
  const end = markdown.indexOf(END);
  if (begin < 0 || end < begin) throw new RangeError(`the document has no "${BEGIN}" … "${END}"`);
  const fields = CLIENTS.flatMap((client) =>
    TARGETS.filter(({ relays }) => relays !== client.name).map((target) => fieldsSection(client, target)),
  );
  const sections = [contentsSection(), ...fields, reasonsSection()];
  return `${markdown.slice(0, begin + BEGIN.length)}\n\n${sections.join('\n')}\n${markdown.slice(end)}`;
}

/** Which table is where. */
function contentsSection(): string {
  const rows = CLIENTS.map((client) => [
    `${client.name} clients`,
    ...TARGETS.map((target) =>
      target.relays === client.name ? 'relayed' : `[table](#${anchor(title(client, target))})`,
    ),
  ]);
  return `## The tables\n\n${table(['', ...TARGETS.map(({ name }) => name)], rows)}`;
}

function title(client: Client, target: Target): string {
  return `${client.name} clients with ${target.name}`;
}

function anchor(heading: string): string {
  return heading.toLowerCase().replaceAll(' ', '-');
}

/** What of a client's request becomes what, field by field. */
function fieldsSection(client: Client, target: Target): string {
  const rows = client.fields.map((row) => {
    const { treatment, says } = 'treatment' in row ? row : byFeatures(row, target.table);
    return [code(row.field), treatment, says];
  });
  return `## ${title(client, target)}\n\n${table(['field', 'treatment', 'what becomes of it'], rows)}`;
}

/** A field of several features is as lost as the one that is lost most. */
function byFeatures(
  { features }: Extract<FieldRow, { features: unknown }>,
  protocol: TranslationTable,
): { readonly treatment: Treatment; readonly says: string } {
  const rows = features.map((feature) => protocol[feature]);
  const treatment = TREATMENTS.find((one) => rows.some((row) => row.treatment === one)) ?? 'carried';
  return { treatment, says: rows.map(({ says }) => says).join('; ') };
}

function reasonsSection(): string {
  const head = ['the provider says', ...CLIENTS.map(({ name, reasonField }) => `${code(reasonField)}, ${name} client`)];
  const parts = TARGETS.map(({ name, reasons, failures }) => {
    const ends = [...reasons].map(([word, reason]) => [code(word), ...inEachDialect(reason)]);
    const errors = [...failures].map(([word, error]) => [code(word), ...CLIENTS.map(() => `the error ${code(error)}`)]);
    const rows = [...ends, ...errors, ['any other word', ...inEachDialect('other')]];
    return `### Answers of ${name}\n\n${table(head, rows)}`;
  });
  return [
    '## Why an answer ended\n',
    'An answer with tool calls ends with `tool_calls` or `tool_use` also where the provider says that it simply stopped, and one that refuses ends with `refusal` for an Anthropic client.\n',
    ...parts,
  ].join('\n');
}

function inEachDialect(reason: FinishReason): string[] {
  return CLIENTS.map(({ reasons }) => code(reasons[reason]));
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows.map((cells) => cells.map((cell) => cell.replaceAll('|', '\\|')))];
  return `${lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n`;
}

function code(text: string): string {
  return `\`${text}\``;
}
