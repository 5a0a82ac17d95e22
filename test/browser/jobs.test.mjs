/* A job is started from its page; progress shows by itself, with and without script. */
import assert from 'node:assert/strict';

async function start(page, url, asOf) {
  await page.goto(url + '/jobs/start/levy-initial');
  await page.fill('input[name=year]', '2026');
  await page.fill('input[name=as_of]', asOf);
  await page.check('input[name=again]');
  await page.click('main form button');
  await page.waitForURL(/\/job\/\d+/);
}

export default [
  { name: 'a job started on its page shows its progress and then its results by itself [OPS-001]', role: 'chief',
    async run({ page, url, axe, shot }) {
      await start(page, url, 'R8.6.10');
      await shot(page, 'job-live');
      await page.waitForSelector('main .badge.good', { timeout: 30000 });
      await page.waitForSelector('main figure.chart');
      assert.equal(await page.locator('[data-refresh]').count(), 0);
      await axe(page);
      await shot(page, 'job-done');
    } },
  { name: 'without script the page of a running job loads itself again', role: 'chief', script: false,
    async run({ page, url }) {
      await start(page, url, 'R8.6.11');
      for (let i = 0; i < 60 && await page.locator('main .badge.good').count() === 0; i++) {
        await page.waitForTimeout(500);
      }
      assert.equal(await page.locator('main .badge.good').count(), 1);
      assert.equal(await page.locator('noscript meta[http-equiv=refresh]').count(), 0);
    } },
];
