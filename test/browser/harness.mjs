/*
 * harness: what a browser test is given.
 *
 *     import assert from 'node:assert/strict';
 *     export default [
 *       { name: 'the household page opens [NHI-ASM-001]', role: 'clerk', async run({ page, url, axe, shot }) {
 *           await page.goto(url + '/party/search?q=ヤマダ');
 *           await axe(page);
 *           await shot(page, 'search');
 *       } },
 *     ];
 *
 * role: clerk, chief, operator, auditor, administrator, keyer, or none (a stranger). script: false turns
 * JavaScript off. allow: status codes that may come besides 200 and redirects. A test fails on a
 * script error, a refusal of the content security policy, or a reply it did not allow.
 * The city is a demo city with the year's draft confirmed, one for all tests: leave it usable.
 * A file that exports engines = ['sqlite', 'postgres'] gets a city of its own on each of them.
 * city.query(sql) reads the database beside the program; as(role) is a page of another person.
 */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);
const axeSource = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
  '--disable-dev-shm-usage'];

export function chromiumPath() {
  return [process.env.HOKENKA_CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome'].find((p) => p && existsSync(p));
}

/* A demo city on a free port; people small enough to be made in seconds. It is made once for each
 * engine; every further city is a copy of it. */
export class City {
  static patterns = new Map();
  static databases = 0;

  constructor(build, people = 2000, engine = 'sqlite') {
    this.build = build;
    this.engine = engine;
    this.program = join(build, 'hokenka');
    this.folder = mkdtempSync(join(tmpdir(), 'hokenka-browser-'));
    this.path = join(this.folder, 'city');
    this.people = people;
  }

  command(...args) {
    return execFileSync(this.program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  }

  /* A database of its own in the tests' cluster (HOKENKA_TEST_PG), or in one made for it. */
  makeDatabase(template) {
    City.conninfo ??= process.env.HOKENKA_TEST_PG ?? execFileSync('sh', [join(here, '..', 'pg.sh'),
      'start', String(process.pid)], { encoding: 'utf8' }).trim();
    this.conninfo = City.conninfo;
    this.database = `hokenka_browser_${process.pid}_${City.databases++}`;
    this.psql(this.conninfo, `create database ${this.database} template ${template} encoding 'UTF8'
      lc_collate 'C.UTF-8' lc_ctype 'C.UTF-8'`);
    return `postgres:${this.conninfo} dbname=${this.database}`;
  }

  psql(conninfo, sql) {
    return execFileSync('psql', ['-X', '-A', '-t', '-q', '-d', conninfo, '-c', sql], { encoding: 'utf8' });
  }

  /* Made as a clerk would see it: two years levied. */
  make() {
    const store = this.engine === 'postgres' ? ['--store', this.makeDatabase('template0')] : [];
    this.command('demo', '--city', this.path, '--people', String(this.people), '--seed', '1', '--levy',
      ...store);
  }

  copy(pattern) {
    cpSync(pattern.path, this.path, { recursive: true });
    if (this.engine === 'postgres') {
      writeFileSync(join(this.path, 'store'), this.makeDatabase(pattern.database) + '\n', { mode: 0o600 });
    }
  }

  found() {
    if (!City.patterns.has(this.engine)) {
      const pattern = new City(this.build, this.people, this.engine);
      City.patterns.set(this.engine, pattern);
      pattern.make();
    }
    this.copy(City.patterns.get(this.engine));
  }

  static async forgetPatterns() {
    for (const pattern of City.patterns.values()) {
      await pattern.stop();
    }
    City.patterns.clear();
  }

  /* The first column of what a statement finds, read beside the program. */
  query(sql) {
    const out = this.engine === 'postgres' ? this.psql(`${this.conninfo} dbname=${this.database}`, sql)
      : execFileSync('sqlite3', ['-readonly', join(this.path, 'city.db'), sql], { encoding: 'utf8' });
    return out.split('\n').filter((line) => line !== '');
  }

  async start() {
    this.found();
    const portFile = join(this.folder, 'port');
    this.server = spawn(this.program, ['serve', '--city', this.path, '--port', '0', '--port-file',
      portFile], { stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, HOKENKA_STRICT_BUDGET: '1' } }); /* over 50 ms of work is a dead worker */
    this.gone = new Promise((done) => this.server.on('exit', done));
    for (let i = 0; i < 200 && !existsSync(portFile); i++) {
      await new Promise((done) => setTimeout(done, 50));
    }
    this.url = `http://localhost:${readFileSync(portFile, 'utf8').trim()}`;
  }

  async stop() {
    if (this.server) {
      this.server.kill('SIGTERM');
      await this.gone;
    }
    if (this.database) {
      this.psql(this.conninfo, `drop database if exists ${this.database} with (force)`);
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/* Through the pages, as a person would; the code stands on the second page of a demo city. */
export async function signIn(page, url, role) {
  await page.goto(url + '/sign-in');
  await page.fill('input[name=name]', role);
  await page.fill('input[name=password]', `hokenka-${role}`);
  await page.click('main form button');
  await page.waitForSelector('input[name=code]');
  const code = (await page.textContent('main')).match(/\b\d{6}\b/);
  assert.ok(code, 'the demo city shows the second factor');
  await page.fill('input[name=code]', code[0]);
  await page.click('main form button');
  await page.waitForSelector('.account');
}

/* No serious finding of axe on what is on the page now. */
export async function axe(page) {
  await page.evaluate(axeSource);
  const found = await page.evaluate(async () => {
    const result = await window.axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'],
    });
    return result.violations.map((v) => ({
      id: v.id, impact: v.impact, help: v.help, at: v.nodes.slice(0, 3).map((n) => n.target.join(' ')),
    }));
  });
  const serious = found.filter((v) => v.impact === 'serious' || v.impact === 'critical');
  assert.deepEqual(serious, [], `axe: ${JSON.stringify(serious)}`);
  return found;
}

export class Browser {
  constructor(build) {
    this.pictures = join(build, 'pictures');
    this.states = new Map();
    mkdirSync(this.pictures, { recursive: true });
  }

  async start() {
    this.browser = await chromium.launch({ executablePath: chromiumPath(), args: flags });
  }

  async stop() {
    await this.browser?.close();
  }

  /* Another city, other sessions. */
  forget() {
    this.states.clear();
  }

  async state(url, role) {
    if (!this.states.has(role)) {
      const context = await this.browser.newContext();
      await signIn(await context.newPage(), url, role);
      this.states.set(role, await context.storageState());
      await context.close();
    }
    return this.states.get(role);
  }

  async run(city, test) {
    const options = { viewport: { width: 1366, height: 900 }, locale: 'ja-JP', timezoneId: 'Asia/Tokyo',
      javaScriptEnabled: test.script !== false };
    if (test.role && test.role !== 'none') {
      options.storageState = await this.state(city.url, test.role);
    }
    const context = await this.browser.newContext(options);
    const page = await context.newPage();
    const troubles = [];
    page.setDefaultTimeout(30000);
    page.on('pageerror', (e) => troubles.push(`script: ${e.message}`));
    page.on('console', (m) => {
      if (m.type() === 'error' && !/status of [345]\d\d/.test(m.text())) {
        troubles.push(`console: ${m.text()}`);
      }
    });
    page.on('response', (r) => {
      const allowed = [200, 204, 303, 304, ...(test.allow ?? [])];
      if (!allowed.includes(r.status())) {
        troubles.push(`${r.status()} ${new URL(r.url()).pathname}`);
      }
    });
    const others = [];
    /* A page of somebody else in the same test. */
    const as = async (role) => {
      const other = await this.browser.newContext({ ...options, storageState: await this.state(city.url, role) });
      others.push(other);
      return other.newPage();
    };
    try {
      await test.run({ page, context, url: city.url, city, axe, as,
        shot: (p, name, more = {}) => p.screenshot({ path: join(this.pictures, `${name}.png`),
          fullPage: true, ...more }) });
      assert.deepEqual(troubles, []);
    } finally {
      await context.close();
      for (const other of others) {
        await other.close();
      }
    }
  }
}
