import { digest } from '../anthropic/tool-names.ts';

/** @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolSpecification.html */
const NAME = /^[a-zA-Z0-9_-]{1,64}$/;

/** A tool's name as Bedrock takes it; the same for the same name always, so that cached prefixes stay. */
export function wireToolName(name: string): string {
  if (NAME.test(name)) return name;
  const readable = name.replaceAll(/[^a-zA-Z0-9_-]/g, '_').slice(0, 50);
  return `${readable}_${digest(name).slice(0, 12)}`;
}
