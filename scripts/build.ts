import { chmodSync, cpSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { bundle } from './bundle.ts';
import { ROOT, run, succeeds } from './run.ts';

/**
 * `npm run build [-- --image | --no-image]`: JavaScript for the published package into `dist/`, then the container image.
 * Without a flag the image is built where a container engine answers; `--image` insists on it.
 */
const DIST = join(ROOT, 'dist');
const SHEBANG = '#!/usr/bin/env node\n';

/** Files that are read where they are: migrations and data tables, not what only tests read. */
function copyAssets(): void {
  const assets = globSync('src/**/*.{sql,json}', { cwd: ROOT }).filter((file) => !file.includes('/fixtures/'));
  for (const file of assets) cpSync(join(ROOT, file), join(ROOT, file.replace(/^src/, 'dist')));
}

function makeCommand(): void {
  const main = join(DIST, 'main.js');
  const emitted = readFileSync(main, 'utf8');
  if (!emitted.startsWith(SHEBANG)) writeFileSync(main, SHEBANG + emitted);
  chmodSync(main, 0o755);
}

async function buildPackage(): Promise<void> {
  rmSync(DIST, { recursive: true, force: true });
  const files = await bundle(DIST);
  copyAssets();
  makeCommand();
  console.log(`dist/: ${files} files of code`);
}

/** Beside the compiled files, where the gateway looks for it. */
function buildConsole(): void {
  run(process.execPath, [join(ROOT, 'scripts/build-console.ts')]);
  cpSync(join(ROOT, 'console/dist'), join(DIST, 'console'), { recursive: true });
}

function buildImage(insist: boolean): void {
  if (!succeeds('docker', ['version', '--format', '{{.Server.Version}}'])) {
    console.log('No container engine answers (docker version), so the image was not built.');
    if (insist) process.exit(1);
    return;
  }
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  run('docker', ['build', '--file', 'deploy/Dockerfile', '--tag', `causeway:${version}`, '.']);
}

const { values: flags } = parseArgs({ options: { image: { type: 'boolean' } }, allowNegative: true });
await buildPackage();
buildConsole();
if (flags.image !== false) buildImage(flags.image === true);
