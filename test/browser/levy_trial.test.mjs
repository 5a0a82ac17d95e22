/* Before and after the levy: rates from a target, surveys with a done mark, reports, certificates. */
import assert from 'node:assert/strict';

/* A page that shows a job's result once there is one. */
async function finished(page, url, path, pattern) {
  for (let i = 0; i < 80; i++) {
    await page.goto(url + path);
    if (pattern.test(await page.textContent('main'))) return;
    await page.waitForTimeout(250);
  }
  throw new Error(`no result on ${path}`);
}

async function jobDone(page, url, job) {
  await finished(page, url, `/job/${job}`, /終わり|終了|完了/);
}

export default [
  { name: 'rates are found from a target total, named and compared [NHI-ASM-016]', role: 'chief', async run({ page, url, axe, shot }) {
      await page.goto(url + '/levy/comparisons');
      await page.click('main a[href="/levy/solve"]');
      await axe(page);
      await shot(page, 'solve');
      await page.fill('input[name=target]', '70,000,000');
      await page.fill('input[name=shares]', '50:50');
      await page.click('form[action="/levy/solve"] button');
      await page.waitForURL(/\/levy\/solve\/\d+/);
      const path = new URL(page.url()).pathname;
      await finished(page, url, path, /目標以下で最も近い料率/);
      await axe(page);
      await shot(page, 'solved');
      const text = await page.textContent('main');
      assert.match(text, /いまの料率/);
      assert.match(text, /50:50/);
      await page.fill('input[name=name]', '目標7千万円');
      await page.click(`form[action="${path}"] button`);
      await page.waitForURL(/\/levy\/comparisons/);
      assert.match(await page.textContent('main'), /目標7千万円/);
      await page.fill('textarea[name=sets]', 'set:目標7千万円\n医療.所得割率=8.8');
      await page.click('form[action="/levy/simulate"] button');
      await page.waitForURL(/\/job\//);
      const job = page.url().match(/\/job\/(\d+)/)[1];
      for (let i = 0; i < 60; i++) {
        const reply = await page.request.get(`${url}/levy/comparison/${job}`);
        if (reply.status() === 200) break;
        await page.waitForTimeout(250);
      }
      await page.goto(`${url}/levy/comparison/${job}`);
      await axe(page);
      await shot(page, 'comparison-named');
      assert.equal(await page.locator('main svg').count(), 3 + 6);
    }, allow: [404] },
  { name: 'a target that no rates reach is said to be so [NHI-ASM-016]', role: 'chief', async run({ page, url, shot }) {
      await page.goto(url + '/levy/solve');
      await page.fill('input[name=medical]', '999999999999');
      await page.click('form[action="/levy/solve"] button');
      await page.waitForURL(/\/levy\/solve\/\d+/);
      await finished(page, url, new URL(page.url()).pathname, /料率がありません/);
      await shot(page, 'solve-out-of-reach');
    } },
  { name: 'surveys are collected, a row is marked done and taken up again [NHI-ASM-022]', role: 'clerk', async run({ page, url, axe, shot }) {
      await page.goto(url + '/levy/surveys');
      await page.click('form[action="/levy/surveys"] button');
      await page.waitForURL(/\/job\//);
      await finished(page, url, '/levy/surveys', /最後に集めた日時/);
      await axe(page);
      await shot(page, 'surveys');
      await page.click('main table tbody th a >> nth=1');
      await axe(page);
      await shot(page, 'survey');
      const first = page.locator('main table.results tbody tr').first();
      const no = (await first.locator('a').first().textContent()).trim();
      await first.locator('input[type=checkbox]').check();
      await page.click('button:has-text("済みにする")');
      assert.match(await page.textContent('main'), /調べたことがありません/);
      await page.locator('main table.results tbody tr').first().locator('input[type=checkbox]').check();
      await page.fill('input[name=note]', '電話で確認');
      await page.click('button:has-text("済みにする")');
      assert.doesNotMatch(await page.textContent('main'), new RegExp(no));
      await page.click('a:has-text("済みの行")');
      await axe(page);
      await shot(page, 'survey-done');
      assert.match(await page.textContent('main'), new RegExp(no));
      assert.match(await page.textContent('main'), /電話で確認/);
      await page.locator('main table.results tbody tr').first().locator('input[type=checkbox]').check();
      await page.fill('input[name=note]', '別の人だった');
      await page.click('button:has-text("調査を再開する")');
      assert.match(await page.textContent('main'), new RegExp(no));
    }, allow: [422] },
  { name: 'a report of a base day agrees with the decisions; its file and lists come [NHI-ASM-023 NHI-ASM-025 NHI-ASM-026 NHI-ASM-017]', role: 'chief', async run({ page, url, axe, shot }) {
      await page.goto(url + '/levy/reports');
      await axe(page);
      await page.click('form[action="/levy/reports"] button');
      await page.waitForURL(/\/job\//);
      const job = page.url().match(/\/job\/(\d+)/)[1];
      await finished(page, url, '/levy/reports', new RegExp('令和'));
      for (let i = 0; i < 60; i++) {
        if ((await page.request.get(`${url}/levy/report/${job}`)).status() === 200) break;
        await page.waitForTimeout(250);
      }
      await page.goto(`${url}/levy/report/${job}`);
      await axe(page);
      await shot(page, 'report');
      assert.match(await page.textContent('main'), /一致/);
      const file = await page.request.get(`${url}/levy/report/${job}/cut-out`);
      assert.equal(file.status(), 200);
      assert.match(await file.text(), /\nCONTROL,\d+,/);
      for (const list of ['report_totals', 'report_tiers', 'report_bands', 'report_stabilisation', 'report_relief', 'report_shares']) {
        const reply = await page.request.get(`${url}/list/levy/${list}/pdf?v0=2026&go=1`);
        assert.equal((await reply.body()).subarray(0, 5).toString(), '%PDF-', list);
        await page.goto(`${url}/list/levy/${list}?v0=2026&go=1`);
        await axe(page);
        assert.doesNotMatch(await page.textContent('main'), /当てはまるものはありません/);
        await shot(page, `list-${list}`);
      }
    }, allow: [404] },
  { name: 'a certificate of the levy is issued from the household page and recorded [NHI-ASM-032]', role: 'chief', async run({ page, url, axe, shot, city }) {
      const [no] = city.query('select h.household_no from decision d join household h on h.household_id = d.household_id where d.fiscal_year = 2026 and d.known_to is null and d.total_yen > 100000 order by d.decision_no limit 1');
      await page.goto(`${url}/household/${no}?year=2026`);
      await page.click('a:has-text("賦課（課税）証明")');
      await axe(page);
      await page.fill('input[name=purpose]', '保育所の申込み');
      await page.fill('input[name=receiver]', '本人');
      const path = new URL(page.url()).pathname;
      const form = await page.locator(`form[action="${path}"][method=post]`).evaluate((f) => Object.fromEntries(new FormData(f)));
      const reply = await page.request.post(url + path, { form });
      assert.equal(reply.status(), 200, await reply.text());
      assert.equal((await reply.body()).subarray(0, 5).toString(), '%PDF-');
      await page.goto(`${url}${path}?year=2026`);
      await shot(page, 'certificate');
      assert.match(await page.textContent('main'), /保育所の申込み/);
    } },
];
