import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { csvRows } from '../../routing/csv.ts';
import { isHeldOut } from '../split.ts';
import { CHINESE_ATTACKS, CHINESE_BENIGN, ENGLISH_BENIGN, EVERYDAY, ROLE_PROMPTS } from './own-texts.ts';

/** Texts of one source, all attacks or all benign. */
export interface TextSet {
  readonly name: string;
  readonly isAttack: boolean;
  readonly texts: readonly string[];
}

export interface InjectionSets {
  readonly jailbreaks: TextSet;
  /** Requests about security code that a careful model need not refuse. */
  readonly falseRefusal: TextSet;
  readonly xstest: TextSet;
  readonly purpleLlama: TextSet;
  /** The same attacks, by a machine, in other languages. */
  readonly languages: readonly TextSet[];
  /** Questions of tests and of customers of a bank; nobody attacks anything in them. */
  readonly everyday: readonly TextSet[];
  /** Not halved: all of them were looked at. */
  readonly own: readonly TextSet[];
}

interface Row {
  readonly user_input: string;
  readonly speaking_language?: string;
}

/** Where this runs: what is installed are long texts of the kind that coding assistants send all day. */
const PACKAGES = 'node_modules';
/** Files of one kind that are read, and the longest of them in characters. */
const [MOST_FILES, LONGEST] = [600, 60_000];

/** @throws Error where a file is missing */
export function readSets(data: string, half: 'development' | 'held-out'): InjectionSets {
  const read = (file: string): string => {
    const path = join(data, file);
    if (!existsSync(path)) throw new Error(`there is no ${path}`);
    return readFileSync(path, 'utf8');
  };
  const setOf = (name: string, isAttack: boolean, texts: readonly string[]): TextSet => ({
    name,
    isAttack,
    texts: [...new Set(texts)].filter((text) => text !== '' && isHeldOut(text) === (half === 'held-out')),
  });
  const json = (file: string): unknown => JSON.parse(read(file));
  const rows = json('injection/prompt-injection-multilingual.json') as Row[];
  const languages = [...new Set(rows.map((row) => row.speaking_language ?? 'English'))].toSorted();
  return {
    jailbreaks: setOf('in-the-wild jailbreaks', true, json('injection/in-the-wild-jailbreaks.json') as string[]),
    falseRefusal: setOf(
      'false refusal',
      false,
      (json('injection/benign-false-refusal.json') as { mutated_prompt: string }[]).map((row) => row.mutated_prompt),
    ),
    xstest: setOf('xstest safe', false, column(read('injection/xstest.csv'), 'prompt', ['label', 'safe'])),
    purpleLlama: setOf(
      'PurpleLlama English',
      true,
      (json('injection/prompt-injection.json') as Row[]).map((row) => row.user_input),
    ),
    languages: languages.map((language) =>
      setOf(
        `PurpleLlama ${language}`,
        true,
        rows.filter((row) => row.speaking_language === language).map((row) => row.user_input),
      ),
    ),
    everyday: [
      setOf('mmlu questions', false, column(read('routing/mmlu.csv'), 'prompt')),
      setOf('gsm8k questions', false, column(read('routing/gsm8k.csv'), 'prompt')),
      setOf('bank customers', false, column(read('cache/banking77.csv'), 'text')),
      setOf('Wikipedia, Chinese', false, paragraphs(read('knowledge/cmrc2018-zh.json'))),
      setOf('Wikipedia, English', false, paragraphs(read('knowledge/xquad-en.json'))),
      setOf('documents of packages', false, filesOf(PACKAGES, /^README\.md$/i)),
      setOf('declarations of packages', false, filesOf(PACKAGES, /\.d\.ts$/)),
      setOf('code of packages', false, filesOf(PACKAGES, /\.js$/)),
    ],
    own: [
      { name: 'own, Chinese attacks', isAttack: true, texts: CHINESE_ATTACKS },
      { name: 'own, Chinese benign', isAttack: false, texts: CHINESE_BENIGN },
      { name: 'own, English benign', isAttack: false, texts: ENGLISH_BENIGN },
      { name: 'own, roles', isAttack: false, texts: ROLE_PROMPTS },
      { name: 'own, everyday', isAttack: false, texts: EVERYDAY },
    ],
  };
}

function column(csv: string, title: string, where?: readonly [title: string, value: string]): string[] {
  const [titles = [], ...rows] = csvRows(csv);
  const at = titles.indexOf(title);
  const whereAt = where ? titles.indexOf(where[0]) : -1;
  if (at < 0) throw new Error(`a table has no column ${title}`);
  return rows.filter((row) => !where || row[whereAt] === where[1]).map((row) => row[at] ?? '');
}

/** Texts of a reading comprehension set, whatever its exact form: every `context`. */
function paragraphs(json: string): string[] {
  const found: string[] = [];
  JSON.parse(json, (key, value: unknown) => {
    if ((key === 'context' || key === 'context_text') && typeof value === 'string') found.push(value);
    return value;
  });
  return found;
}

/** A part of the files of a kind, evenly spread over all of them. */
function filesOf(folder: string, name: RegExp): string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && name.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
  const step = Math.max(1, Math.floor(files.length / MOST_FILES));
  return files.filter((_, at) => at % step === 0).map((file) => readFileSync(file, 'utf8').slice(0, LONGEST));
}
