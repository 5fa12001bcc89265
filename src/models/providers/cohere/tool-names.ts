import { digest } from '../openai/tool-names.ts';

/** @see https://docs.cohere.com/v1/reference/chat (`tools[].name` in the types of cohere-ai 8.1.0; version 2 names no alphabet; checked 2026-11-21) */
const NAME = /^[a-zA-Z_]\w{0,63}$/;

/** A tool's name as Cohere takes it; the same for the same name always, so that cached prefixes stay. */
export function wireToolName(name: string): string {
  if (NAME.test(name)) return name;
  return `f_${name.replaceAll(/\W/g, '_').slice(0, 48)}_${digest(name).slice(0, 12)}`;
}
