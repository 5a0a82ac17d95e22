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

function report(n, ok, test, error, took) {
  console.log(`${ok ? 'ok' : 'not ok'} ${n} - ${test.name}`);
  if (took) {
    console.log(`# ${(took / 1000).toFixed(1)} s`);
  }
  if (error) {
    console.log(String(error.stack ?? error).replace(/^/gm, '# '));
  }
}

/* Files by the city they are run in: one for all, and one per engine for those that ask for it. */
async function cities(files) {
  const all = { engine: 'sqlite', tests: [] };
  const own = [];
  for (const file of files) {
    const path = only.length ? resolve(file) : join(here, file);
    const module = await import(pathToFileURL(path));
    if (!module.engines) {
      all.tests.push(...module.default);
    }
    for (const engine of module.engines ?? []) {
      own.push({ engine, tests: module.default.map((t) => ({ ...t, name: `${t.name} (${engine})` })) });
    }
  }
  return [...(all.tests.length ? [all] : []), ...own];
}

async function runCity(browser, { engine, tests }, first) {
  const city = new City(resolve(build), 2000, engine);
  let failed = 0;
  try {
    await city.start();
    browser.forget();
    for (const [i, test] of tests.entries()) {
      const began = Date.now();
      try {
        await browser.run(city, test);
        report(first + i, true, test, null, Date.now() - began);
      } catch (error) {
        failed++;
        report(first + i, false, test, error);
      }
    }
  } catch (error) {
    report(first, false, { name: `the demo city is made and served (${engine})` }, error);
    failed++;
  } finally {
    await city.stop();
  }
  return failed;
}

async function main() {
  const files = (only.length ? only : readdirSync(here).filter((f) => f.endsWith('.test.mjs')).sort());
  const groups = await cities(files);
  if (!chromiumPath()) {
    console.log(`1..0 # SKIP browser: no chromium on this machine`);
    console.log('SKIP browser: no chromium on this machine');
    return 1;
  }
  console.log(`1..${groups.reduce((n, g) => n + g.tests.length, 0)}`);
  const browser = new Browser(resolve(build));
  let failed = 0;
  let first = 1;
  try {
    try {
      await browser.start();
    } catch (error) {
      report(1, false, { name: 'the browser starts' }, error);
      return 1;
    }
    for (const group of groups) {
      failed += await runCity(browser, group, first);
      first += group.tests.length;
    }
  } finally {
    await browser.stop();
    await City.forgetPatterns();
  }
  return failed ? 1 : 0;
}

process.exit(await main());
