import { digest } from '../anthropic/tool-names.ts';

/** @see https://ai.google.dev/api/caching#FunctionDeclaration (read in the types of @google/genai 3.1.0, checked 2026-11-21) */
const NAME = /^[a-zA-Z_][a-zA-Z0-9_.:-]{0,63}$/;

/** A tool's name as Gemini takes it; the same for the same name always, so that cached prefixes stay. */
export function wireToolName(name: string): string {
  if (NAME.test(name)) return name;
  const readable = name.replaceAll(/[^a-zA-Z0-9_]/g, '_').slice(0, 50);
  return `${/^[a-zA-Z_]/.test(readable) ? '' : '_'}${readable}_${digest(name).slice(0, 12)}`;
}
