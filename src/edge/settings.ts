import type { Static } from 'typebox';

import { Duration, Int, Size, Text, section } from '../config/fields.ts';
import { SheddingSettings } from '../pipeline/shield/settings.ts';

/** Where the gateway listens and what it takes from a client. */
export const ServerSettings = section(
  {
    port: Int({
      description: 'TCP port to listen on; 0 takes a free one. The environment variable PORT overrides it.',
      minimum: 0,
      maximum: 65_535,
      default: 8080,
      restart: true,
    }),
    host: Text({
      description: 'Address to listen on; 0.0.0.0 for every interface. The environment variable HOST overrides it.',
      default: '127.0.0.1',
      restart: true,
    }),
    bodyLimit: Size({
      description: 'The largest request body; a larger one is refused with 413.',
      default: '10MB',
      restart: true,
    }),
    uploadLimit: Size({
      description:
        'The largest form with files, such as audio to transcribe; a larger one is refused with 413. Forms are passed on as they come, and are not held in memory.',
      default: '512MB',
      restart: true,
    }),
    trustedProxies: Int({
      description:
        "How many reverse proxies stand in front of the gateway; that many entries of X-Forwarded-For are believed for the client's address.",
      minimum: 0,
      maximum: 16,
      default: 0,
      restart: true,
    }),
    drainTimeout: Duration({
      description: 'How long running answers may go on after SIGTERM before they are ended.',
      default: '30s',
    }),
    holdHeaders: Duration({
      description:
        'The longest time that response headers of a stream wait for its first content. Until they are out, a failure is an HTTP status and not an error event.',
      default: '10s',
    }),
    shedding: SheddingSettings,
  },
  { description: 'Where the gateway listens and what it takes from a client.' },
);

export type ServerSettings = Static<typeof ServerSettings>;
