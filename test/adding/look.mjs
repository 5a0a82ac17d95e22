/* Opens the page and the list that doc/adding.md adds, in a browser, as the chief. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRequire } from 'node:module';
import { chromiumPath, signIn } from '../browser/harness.mjs';

const { chromium } = createRequire(new URL('../browser/', import.meta.url))('playwright-core');
const [program, city] = process.argv.slice(2);
const portFile = join(mkdtempSync(join(tmpdir(), 'hokenka-look-')), 'port');
const server = spawn(program, ['serve', '--city', city, '--port', '0', '--port-file', portFile],
  { stdio: ['ignore', 'ignore', 'inherit'] });
for (let i = 0; i < 200 && !existsSync(portFile); i++) {
  await new Promise((done) => setTimeout(done, 50));
}
const url = `http://localhost:${readFileSync(portFile, 'utf8').trim()}`;
const browser = await chromium.launch({ executablePath: chromiumPath(), args: ['--no-sandbox',
  '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'] });
try {
  const page = await browser.newPage();
  await signIn(page, url, 'chief');
  const nationalities = await page.goto(url + '/eligibility/nationalities');
  console.log('nationalities', nationalities.status(), await page.locator('tbody tr').count());
  const list = await page.goto(url + '/list/eligibility/first_days');
  console.log('list', list.status(), await page.locator('tbody tr').count());
} finally {
  await browser.close();
  server.kill('SIGTERM');
}
