import { Flag, section } from '../../config/fields.ts';

/** The web console. */
export const ConsoleSettings = section(
  {
    enabled: Flag({
      description:
        'Whether the web console is served at /console/. The environment variable CAUSEWAY_CONSOLE (on, off) overrides it.',
      default: true,
      restart: true,
    }),
  },
  { description: 'The web console at /console/.' },
);
