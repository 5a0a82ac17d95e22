/*
 * Every page that can be reached by links, for every role: opens without error, stands axe, has one
 * heading and a title, and leaves a picture. Addresses that differ only in figures are one page.
 */
import assert from 'node:assert/strict';

const roles = ['clerk', 'chief', 'operator', 'auditor', 'administrator', 'keyer'];
const seen = new Map(); /* pattern -> role that saw it first */

/* Of pages that differ only in their last word (settings, kinds of jobs) three are looked at. */
const cousins = new Map();
function isOneMore(pattern) {
  const parent = pattern.split('/').slice(0, -1).join('/');
  const n = cousins.get(parent) ?? 0;
  cousins.set(parent, n + 1);
  return pattern.split('/').length > 2 && n >= 3;
}

const patternOf = (path) => decodeURI(path.split(/[?#]/)[0]).replace(/\/[^/]*\d[^/]*/g, '/{}');

async function linksOf(page) {
  return page.evaluate(() => [...document.querySelectorAll('a[href^="/"]')]
    .map((a) => a.getAttribute('href').split('#')[0]));
}

async function look({ page, url, axe, shot }, path, role) {
  const kind = (await page.request.get(url + path)).headers()['content-type'] ?? '';
  if (!kind.startsWith('text/html')) {
    return [];
  }
  await page.goto(url + path);
  const name = `page${patternOf(path).replace(/[^a-z]+/g, '-')}-${role}`.replace(/-+/g, '-');
  assert.equal(await page.locator('h1').count(), 1, `${path} has one h1`);
  assert.match(await page.title(), /\S+ \| \S+/, `${path} has a title`);
  try {
    await axe(page);
  } catch (error) {
    throw new Error(`${path}: ${error.message}`);
  }
  await shot(page, name);
  return linksOf(page);
}

async function walk(given, role) {
  const queue = ['/'];
  const own = new Set();
  let pages = 0;
  while (queue.length && pages < 80) {
    const path = queue.shift();
    const pattern = patternOf(path);
    if (own.has(pattern) || (seen.has(pattern) && pattern !== '/') || isOneMore(pattern)) {
      continue;
    }
    own.add(pattern);
    seen.set(pattern, seen.get(pattern) ?? role);
    pages++;
    for (const link of await look(given, path, role)) {
      if (!own.has(patternOf(link))) {
        queue.push(link);
      }
    }
  }
  return pages;
}

export default [
  ...roles.map((role) => ({
    name: `every page a ${role} can reach opens, stands axe, and has a title [SEC-005]`, role,
    async run(given) {
      const pages = await walk(given, role);
      console.log(`# ${role}: ${pages} pages not seen before`);
    } })),
  { name: 'enough pages were seen for the walk to mean something', role: 'none',
    async run() {
      assert.ok(seen.size >= 25, `${seen.size}: ${[...seen.keys()].join(' ')}`);
    } },
];
