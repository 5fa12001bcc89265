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
import { FAILURES, REASONS as OPENAI_REASONS } from '../src/models/providers/openai/map-finish-reason.ts';
import { OPENAI_TRANSLATION } from '../src/models/providers/openai/translation-table.ts';

const BEGIN = '<!-- tables: begin (written by npm run generate) -->';
const END = '<!-- tables: end -->';

/** Worst first. */
const TREATMENTS: readonly Treatment[] = ['refused', 'approximated', 'mapped', 'carried'];

/** The document with the tables of the code between its two marks. @throws RangeError where a mark is missing */
export function withTranslationTables(markdown: string): string {
  const begin = markdown.indexOf(BEGIN);
  const end = markdown.indexOf(END);
  if (begin < 0 || end < begin) throw new RangeError(`the document has no "${BEGIN}" … "${END}"`);
  const sections = [
    fieldsSection('OpenAI clients with models of Anthropic', OPENAI_FIELDS, ANTHROPIC_TRANSLATION),
    fieldsSection('Anthropic clients with models of OpenAI', ANTHROPIC_FIELDS, OPENAI_TRANSLATION),
    fieldsSection('Responses clients with models of Anthropic', RESPONSES_FIELDS, ANTHROPIC_TRANSLATION),
    fieldsSection('Responses clients with OpenAI-shaped chat servers', RESPONSES_FIELDS, OPENAI_TRANSLATION),
    fieldsSection('Gemini clients with models of Anthropic', GEMINI_FIELDS, ANTHROPIC_TRANSLATION),
    fieldsSection('Gemini clients with OpenAI-shaped chat servers', GEMINI_FIELDS, OPENAI_TRANSLATION),
    reasonsSection(),
  ];
  return `${markdown.slice(0, begin + BEGIN.length)}\n\n${sections.join('\n')}\n${markdown.slice(end)}`;
}

/** What of a client's request becomes what, field by field. */
function fieldsSection(title: string, fields: readonly FieldRow[], protocol: TranslationTable): string {
  const rows = fields.map((row) => {
    const { treatment, says } = 'treatment' in row ? row : byFeatures(row, protocol);
    return [code(row.field), treatment, says];
  });
  return `## ${title}\n\n${table(['field', 'treatment', 'what becomes of it'], rows)}`;
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
  const anthropic = reasonRows(ANTHROPIC_REASONS, FINISH_REASONS);
  const openai = reasonRows(OPENAI_REASONS, STOP_REASONS);
  const ofResponses = [
    ...reasonRows(new Map([...ANTHROPIC_REASONS, ...OPENAI_REASONS]), STATUSES),
    ...[...FAILURES].map(([word, error]) => [code(word), `the error ${code(error)}`]),
  ];
  const ofGemini = reasonRows(new Map([...ANTHROPIC_REASONS, ...OPENAI_REASONS]), GEMINI_FINISH_REASONS);
  const failures = [...FAILURES].map(([word, error]) => [code(word), `the error ${code(error)}`]);
  return [
    '## Why an answer ended\n',
    'An answer with tool calls ends with `tool_calls` or `tool_use` also where the provider says that it simply stopped, and one that refuses ends with `refusal` for an Anthropic client.\n',
    table(['`stop_reason` of Anthropic', '`finish_reason` for an OpenAI client'], anthropic),
    table(
      ['`finish_reason` of OpenAI and servers like it', '`stop_reason` for an Anthropic client'],
      [...openai, ...failures],
    ),
    table(['`stop_reason` or `finish_reason`', '`status` for a Responses client'], ofResponses),
    table(['`stop_reason` or `finish_reason`', '`finishReason` for a Gemini client'], [...ofGemini, ...failures]),
  ].join('\n');
}

function reasonRows(said: ReadonlyMap<string, FinishReason>, read: Readonly<Record<FinishReason, string>>): string[][] {
  const rows = [...said].map(([word, reason]) => [code(word), code(read[reason])]);
  return [...rows, ['any other word', code(read.other)]];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows.map((cells) => cells.map((cell) => cell.replaceAll('|', '\\|')))];
  return `${lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n`;
}

function code(text: string): string {
  return `\`${text}\``;
}
