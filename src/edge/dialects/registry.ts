import type { IncomingHttpHeaders } from 'node:http';

import type { Dialect } from '../../core/call.ts';
import { anthropic } from './anthropic/adapter.ts';
import type { DialectAdapter } from './dialect-adapter.ts';
import { gemini } from './gemini/adapter.ts';
import { openai } from './openai/adapter.ts';
import { responses } from './responses/adapter.ts';

const ADAPTERS: Readonly<Record<Dialect, DialectAdapter>> = { openai, responses, anthropic, gemini };

/** Every dialect that clients may speak here. */
export const DIALECTS: readonly DialectAdapter[] = Object.values(ADAPTERS);

export function adapterOf(dialect: Dialect): DialectAdapter {
  return ADAPTERS[dialect];
}

/** The dialect of a request outside the model routes; what gives no sign is taken for OpenAI's, the common one. */
export function detectDialect(path: string, headers: IncomingHttpHeaders): DialectAdapter {
  return DIALECTS.find((adapter) => adapter.speaks(path, headers)) ?? openai;
}
