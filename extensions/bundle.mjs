// npm run bundle: writes each ui_extension to its dist/, as `shopify app build` does but without an app to log in to.
// The store on this machine runs these files. Locales are not in them: Shopify delivers those apart, and so does it.
import {mkdir, readFile, readdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {deflateSync} from 'node:zlib';

import {build} from 'esbuild';
import toml from 'toml';

const HERE = fileURLToPath(new URL('.', import.meta.url));

/** What `shopify app build` bundles: each target's module, its default export handed to Shopify. */
function entry(targeting) {
  const imports = targeting.map(({module}, place) => `import run${place} from ${JSON.stringify(module)};`);
  const extended = targeting.map(({target}, place) => `shopify.extend(${JSON.stringify(target)}, run${place});`);
  return [...imports, ...extended].join('\n');
}

/** The bundle's bytes. `process.env.APP_URL` stays in them: the page that runs them says where the app is. */
async function bundle(folder, targeting) {
  const built = await build({
    stdin: {contents: entry(targeting), resolveDir: join(HERE, folder), loader: 'tsx'},
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: 'es2020',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    legalComments: 'none',
    define: {'process.env.NODE_ENV': '"production"'},
  });
  return built.outputFiles[0].contents;
}

/** What Shopify takes, in compressed bytes. Ours stay below a quarter, so that growth is noticed before it hurts. */
const limit = (targeting) => (targeting.every(({target}) => /account\.(order\.)?page/.test(target)) ? 128 : 64) * 1024;

const kilobytes = (bytes) => `${(bytes / 1024).toFixed(1)} KB`.padStart(8);

for (const folder of await readdir(HERE)) {
  const file = await readFile(join(HERE, folder, 'shopify.extension.toml'), 'utf8').catch(() => null);
  const extension = file && toml.parse(file).extensions?.find(({type}) => type === 'ui_extension');
  if (!extension) continue;
  const bytes = await bundle(folder, extension.targeting);
  await mkdir(join(HERE, folder, 'dist'), {recursive: true});
  await writeFile(join(HERE, folder, 'dist', `${folder}.js`), bytes);
  const [small, most] = [deflateSync(bytes).length, limit(extension.targeting)];
  const isTooLarge = small > most / 4;
  const of = `of ${most / 1024} KB${isTooLarge ? ': MORE THAN A QUARTER' : ''}`;
  console.log(`${folder.padEnd(16)}${kilobytes(bytes.length)} raw ${kilobytes(small)} compressed, ${of}`);
  if (isTooLarge) process.exitCode = 1;
}
