import { parentPort } from 'node:worker_threads';

import { buildScanners } from './build-scanners.ts';
import { serveScans } from './serve-scans.ts';

if (parentPort) serveScans(parentPort, buildScanners);
