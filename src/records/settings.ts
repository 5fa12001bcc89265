import type { Static } from 'typebox';

import { Size, choice, section } from '../config/fields.ts';

export const RecordSettings = section(
  {
    bodies: choice(['full', 'none'], {
      description: 'What a record keeps of the texts: the whole input and output, or neither.',
      default: 'full',
    }),
    maxBodySize: Size({
      description: 'The most that is kept of one input and of one output.',
      default: '256KB',
    }),
  },
  { description: 'What is recorded of each request.' },
);

export type RecordSettings = Static<typeof RecordSettings>;

export const LogSettings = section(
  {
    level: choice(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
      description: 'The least severe log line that is written.',
      default: 'info',
    }),
  },
  { description: "The gateway's own log: JSON lines on standard output." },
);

export type LogSettings = Static<typeof LogSettings>;
