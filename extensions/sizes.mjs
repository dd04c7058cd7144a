// How large each extension is, as Shopify counts: compressed. Bundled with the options of Shopify CLI, so that a size
// is known in a second; tests/validators build with the CLI itself.

import {existsSync, readFileSync, readdirSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {deflateSync} from 'node:zlib';

import {build} from 'esbuild';

const HERE = dirname(fileURLToPath(import.meta.url));
const KILO = 1024;
const FULL_PAGES = ['customer-account.page.render', 'customer-account.order.page.render'];
const TARGETING = /^\s*module = "(.+)"\s+target = "(.+)"$/gm;

/** What Shopify takes; ours stay below a quarter of it, so that growth is noticed long before it hurts. */
const limit = (modules) => (modules.every(([, , target]) => FULL_PAGES.includes(target)) ? 128 : 64) * KILO;

async function bundle(folder, modules) {
  const contents = modules.map(
    ([, module, target], n) => `import run${n} from '${module}'; shopify.extend('${target}', () => run${n}());`,
  );
  const made = await build({
    stdin: {contents: contents.join('\n'), resolveDir: folder, loader: 'tsx'},
    define: {'process.env.NODE_ENV': '"production"'},
    bundle: true,
    minify: true,
    write: false,
    jsx: 'automatic',
    target: 'es6',
    legalComments: 'none',
  });
  return made.outputFiles[0].contents;
}

const kilobytes = (bytes) => `${(bytes / KILO).toFixed(1)} KB`.padStart(8);

for (const name of readdirSync(HERE)) {
  const file = join(HERE, name, 'shopify.extension.toml');
  const modules = existsSync(file) ? [...readFileSync(file, 'utf8').matchAll(TARGETING)] : [];
  if (modules.length === 0) continue; // a theme extension, or what the others share
  const code = await bundle(join(HERE, name), modules);
  const [small, most] = [deflateSync(code).length, limit(modules)];
  const isTooLarge = small > most / 4;
  const of = `of ${most / KILO} KB${isTooLarge ? ': MORE THAN A QUARTER' : ''}`;
  console.log(`${name.padEnd(16)}${kilobytes(code.length)} raw ${kilobytes(small)} compressed, ${of}`);
  if (isTooLarge) process.exitCode = 1;
}
