import type { IncomingHttpHeaders } from 'node:http';

import type { Dialect } from '../../core/call.ts';
import { anthropic } from './anthropic/adapter.ts';
import type { DialectAdapter } from './dialect-adapter.ts';
import { openai } from './openai/adapter.ts';

const ADAPTERS: Readonly<Record<Dialect, DialectAdapter>> = { anthropic, openai };

/** Every dialect that clients may speak here. */
export const DIALECTS: readonly DialectAdapter[] = Object.values(ADAPTERS);

export function adapterOf(dialect: Dialect): DialectAdapter {
  return ADAPTERS[dialect];
}

/** The dialect of a request outside the model routes; what gives no sign is taken for OpenAI's, the common one. */
export function detectDialect(path: string, headers: IncomingHttpHeaders): DialectAdapter {
  return DIALECTS.find((adapter) => adapter.speaks(path, headers)) ?? openai;
}
