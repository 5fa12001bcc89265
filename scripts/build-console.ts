import { existsSync, globSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, extname, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

import { ROOT, run } from './run.ts';

/**
 * `npm run build:console`: the web console into `console/dist/`, with compressed copies of what is worth it.
 * It is built beside and put in place as a whole, since a gateway may be serving the one before.
 */
const WORKSPACE = join(ROOT, 'console');
const OUT = join(WORKSPACE, 'dist');
const SCRATCH = join(WORKSPACE, `dist-${process.pid}`);
const ATTEMPTS = 5;
const WORTH_IT_BYTES = 1024;
const COMPRESSED = new Set(['.js', '.css', '.html', '.svg', '.json', '.map', '.txt', '.webmanifest', '.wasm']);

function compress(folder: string): void {
  for (const file of globSync('**/*', { cwd: folder })) {
    const path = join(folder, file);
    if (!COMPRESSED.has(extname(path)) || statSync(path).size <= WORTH_IT_BYTES) continue;
    const bytes = readFileSync(path);
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
    writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params }));
    writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
  }
}

/** What `npm` finds is the Node that runs this, whatever else the machine has. */
function preferThisNode(): void {
  process.env['PATH'] = [dirname(process.execPath), process.env['PATH']].join(delimiter);
}

/** Another build may end in the same moment. */
function putInPlace(): void {
  const former = `${SCRATCH}-former`;
  for (let attempt = 1; ; attempt += 1) {
    try {
      if (existsSync(OUT)) renameSync(OUT, former);
      renameSync(SCRATCH, OUT);
      return;
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
    } finally {
      rmSync(former, { recursive: true, force: true });
    }
  }
}

process.once('exit', () => rmSync(SCRATCH, { recursive: true, force: true }));
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => process.exit(1));
preferThisNode();
run('npm', ['run', '--silent', 'build', '--workspace', 'console', '--', '--outDir', SCRATCH, '--emptyOutDir']);
if (!existsSync(join(SCRATCH, 'index.html'))) throw new Error('the build of the console has no index.html');
compress(SCRATCH);
putInPlace();
console.log(`console/dist/: ${globSync('**/*.js', { cwd: OUT }).length} scripts`);
