import { type Ground, onGround } from '../drill/site.ts';
import { type Check, markdownTable } from '../drill/verdict.ts';
import type { DatabaseName } from './site.ts';

const BROKEN = 2;
const WORDS = { true: 'met', false: '**MISSED**', undefined: '' } as const;

function targetTable(checks: readonly Check[]): string {
  return markdownTable(
    ['target', 'at most', 'seen', ''],
    checks.map(({ what, target, seen, met }) => [what, target, seen, WORDS[`${met}`]]),
  );
}

function exitCodeOf(checks: readonly Check[]): number {
  return checks.some(({ met }) => met === false) ? 1 : 0;
}

export function databaseOf(text: string): DatabaseName {
  if (text === 'postgres' || text === 'embedded') return text;
  throw new Error(`"${text}" is not right for --database: write postgres or embedded`);
}

export function countOf(name: string, text: string): number {
  const count = Number(text);
  if (count > 0 && Number.isFinite(count)) return count;
  throw new Error(`"${text}" is not right for --${name}: write a number above 0`);
}

/** Measures, prints what became of the targets, and ends this process: 0 all met, 1 one missed, 2 broken. */
export async function runCase(measure: (ground: Ground) => Promise<readonly Check[]>): Promise<never> {
  let code = BROKEN;
  try {
    if (process.platform !== 'linux') throw new Error("this reads memory and process times from Linux's /proc");
    const checks = await onGround(measure);
    console.log(`\n${targetTable(checks)}`);
    code = exitCodeOf(checks);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
  }
  // After an interruption a measurement is still on its way; it has nobody left to ask.
  process.exit(code);
}
