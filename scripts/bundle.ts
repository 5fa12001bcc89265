import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

import { type Plugin, rolldown } from 'rolldown';

import { ROOT } from './run.ts';

const SOURCES = join(ROOT, 'src');
/** The command, and what runs in a thread or a process of its own: it is started by the name of its file. */
const ENTRIES = ['main.ts', 'storage/database/embedded-child.ts', ...globSync('**/*-thread.ts', { cwd: SOURCES })];
/** Packages of many small modules, which a start would load one by one; all others are installed beside the package. */
const INLINED = ['typebox'];

/**
 * The sources in a few files: Node takes a third of a millisecond for each module that it loads, and there are two
 * thousand. What is loaded only when it is needed stays in a file of its own.
 * @param folder where the files come, each entry under its own name
 */
export async function bundle(folder: string): Promise<number> {
  const build = await rolldown({
    input: Object.fromEntries(ENTRIES.map((file) => [file.replace(/\.ts$/, ''), join(SOURCES, file)])),
    platform: 'node',
    external: (id) => isPackage(id) && !INLINED.some((name) => id === name || id.startsWith(`${name}/`)),
    plugins: [ownUrls()],
  });
  const { output } = await build.write({
    dir: folder,
    entryFileNames: '[name].js',
    chunkFileNames: 'parts/[name]-[hash].js',
    keepNames: true,
  });
  await build.close();
  writeFileSync(join(folder, 'LICENSES-INLINED.txt'), INLINED.map(licenceOf).join('\n\n'));
  return output.length;
}

function isPackage(id: string): boolean {
  return !id.startsWith('.') && !id.startsWith('/') && !id.startsWith('\0');
}

/** Who copies them passes on their terms too. */
function licenceOf(name: string): string {
  return `${name}\n\n${readFileSync(join(ROOT, 'node_modules', name, 'license'), 'utf8')}`;
}

const MARK = '__OWN_URL__';

/**
 * A module goes on knowing files by where it was itself: `import.meta.url` becomes the address that it would have had
 * without being bundled.
 */
function ownUrls(): Plugin {
  return {
    name: 'own-urls',
    transform(code, id) {
      if (!id.startsWith(SOURCES) || !code.includes('import.meta.url')) return undefined;
      const own = relative(SOURCES, id).replace(/\.ts$/, '.js');
      return code.replaceAll('import.meta.url', `${MARK}(${JSON.stringify(own)})`);
    },
    renderChunk(code, { fileName }) {
      if (!code.includes(MARK)) return null;
      return code.replaceAll(new RegExp(`${MARK}\\("([^"]+)"\\)`, 'g'), (_, own: string) => {
        const there = relative(resolve('/', dirname(fileName)), resolve('/', own));
        return `new URL(${JSON.stringify(there)}, import.meta.url).href`;
      });
    },
  };
}
