/* run.mjs BUILD [FILE...]: every *.test.mjs of this folder against one demo city; speaks TAP. */
import { readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Browser, City, chromiumPath } from './harness.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const [build, ...only] = process.argv.slice(2);
if (!build) {
  console.error('usage: run.mjs BUILD [FILE...]');
  process.exit(2);
}

function report(n, ok, test, error) {
  console.log(`${ok ? 'ok' : 'not ok'} ${n} - ${test.name}`);
  if (error) {
    console.log(String(error.stack ?? error).replace(/^/gm, '# '));
  }
}

async function main() {
  const files = (only.length ? only : readdirSync(here).filter((f) => f.endsWith('.test.mjs')).sort());
  const tests = [];
  for (const file of files) {
    const path = only.length ? resolve(file) : join(here, file);
    tests.push(...(await import(pathToFileURL(path))).default);
  }
  if (!chromiumPath()) {
    console.log(`1..0 # SKIP browser: no chromium on this machine`);
    console.log('SKIP browser: no chromium on this machine');
    return 1;
  }
  console.log(`1..${tests.length}`);
  const city = new City(resolve(build));
  const browser = new Browser(resolve(build));
  let failed = 0;
  try {
    try {
      await city.start();
      await browser.start();
    } catch (error) {
      report(1, false, { name: 'the demo city is made and served, the browser starts' }, error);
      return 1;
    }
    for (const [i, test] of tests.entries()) {
      try {
        await browser.run(city, test);
        report(i + 1, true, test);
      } catch (error) {
        failed++;
        report(i + 1, false, test, error);
      }
    }
  } finally {
    await browser.stop();
    await city.stop();
  }
  return failed ? 1 : 0;
}

process.exit(await main());
