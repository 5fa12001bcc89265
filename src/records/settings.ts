import { type Static, Type } from 'typebox';

import { Age, Flag, Num, Size, choice, named, section } from '../config/fields.ts';

const BODIES = ['full', 'redacted', 'hashed', 'none'] as const;

const ProjectRecords = section(
  {
    bodies: Type.Optional(choice(BODIES, { description: 'As `records.bodies`, for this project.' })),
    sample: Type.Optional(Num({ description: 'As `records.sample`, for this project.', minimum: 0, maximum: 1 })),
    retention: Type.Optional(Age({ description: 'As `records.retention`, for this project.', examples: ['7d'] })),
    maxSize: Type.Optional(Size({ description: 'As `records.maxSize`, for this project.', examples: ['1GB'] })),
  },
  { description: 'How the records of one project are kept. What is left out is as for all.' },
);

const JournalSettings = section(
  {
    maxSize: Size({
      description:
        'The most that waits on the disk for the database. Over half of it texts are left out of more and more records, over 80 % of all; when it is full, records are dropped and counted.',
      default: '1GB',
      restart: true,
    }),
  },
  { description: 'Where records wait for the database: files in the data folder.' },
);

export const RecordSettings = section(
  {
    bodies: choice(BODIES, {
      description:
        'What a record keeps of the texts: all (`full`); all but secrets, e-mail addresses, card, bank account, phone and identity numbers (`redacted`); only lengths and hashes (`hashed`); nothing (`none`).',
      default: 'redacted',
    }),
    sample: Num({
      description: 'Part of the requests whose texts are kept, 0 to 1. Everything else is kept of all of them.',
      default: 1,
      minimum: 0,
      maximum: 1,
    }),
    maxBodySize: Size({
      description: 'The most that is kept of one input and of one output.',
      default: '256KB',
    }),
    search: Flag({
      description:
        'Whether texts can be searched. The index more than halves how many records a second the database takes.',
      default: true,
    }),
    retention: Age({
      description: 'How long records are kept. Sums of usage and cost are kept for ever.',
      default: '30d',
    }),
    maxSize: Type.Optional(
      Size({
        description: 'The most that records take in the database. Over it, the oldest days are dropped.',
        examples: ['50GB'],
      }),
    ),
    projects: named(ProjectRecords, {
      description: 'Projects whose records are kept in another way, by their names.',
      names: /^.{1,64}$/,
      namesAre: 'names of projects',
    }),
    journal: JournalSettings,
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
