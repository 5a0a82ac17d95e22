/* Levy and counter: a household from search to the last yen, its notice, what-if, drafts. */
import assert from 'node:assert/strict';

/* The first household of a name search that has a decision for the year. */
async function someHousehold(page, url) {
  await page.goto(url + '/party/search?q=' + encodeURIComponent('サトウ'));
  const links = await page.locator('main a[href^="/household/"]').evaluateAll(
    (all) => [...new Set(all.map((a) => a.getAttribute('href')))]);
  for (const href of links.slice(0, 30)) {
    await page.goto(url + href + '?year=2026');
    if (await page.locator('a[href*="/notice/2026/"]').count()) return href;
  }
  throw new Error('no household with a decision among ' + links.length);
}

export default [
  { name: 'a household shows its levy, instalments and history; every amount opens to its explanation [NHI-ASM-001 NHI-COL-001]', role: 'chief', async run({ page, url, axe, shot }) {
      const href = await someHousehold(page, url);
      await page.goto(url + href + '?year=2026');
      await axe(page);
      await shot(page, 'household');
      await page.click('.figures a >> nth=0');
      await page.waitForSelector('details.tree');
      await axe(page);
      await shot(page, 'levy-explained');
      const text = await page.textContent('main');
      assert.match(text, /いま計算し直しても1バイトも違いません/);
    } },
  { name: 'the explanation opens without script [NHI-ASM-001]', role: 'clerk', script: false, async run({ page, url }) {
      await page.goto(url + '/household/000000019?year=2026');
      assert.match(await page.textContent('main'), /期別の納付|加入/);
    }, allow: [404] },
  { name: 'the notice comes as a PDF [NHI-ASM-027]', role: 'chief', async run({ page, url }) {
      const href = await someHousehold(page, url);
      await page.goto(url + href + '?year=2026');
      const link = await page.locator('a[href*="/notice/"]').first().getAttribute('href');
      const reply = await page.request.get(url + link);
      assert.equal(reply.status(), 200, await reply.text());
      assert.equal((await reply.body()).subarray(0, 5).toString(), '%PDF-');
    } },
  { name: 'a made-up household is tried, nothing stored [NHI-ASM-015]', role: 'clerk', async run({ page, url, axe, shot }) {
      await page.goto(url + '/whatif');
      await page.fill('[name="member.0.born"]', 'S55.4.2');
      await page.check('[name="member.0.is_head"]');
      await page.check('[name="member.0.is_insured"]');
      await page.fill('[name="member.0.salary"]', '3,000,000');
      await page.click('main form button');
      await shot(page, 'whatif');
      await page.waitForSelector('.figures', { timeout: 2000 });
      await axe(page);
      assert.match(await page.textContent('main'), /試算の年額/);
    } },
  { name: 'a real household with another income is compared with the difference explained [NHI-ASM-015]', role: 'chief', async run({ page, url, axe, shot }) {
      const href = await someHousehold(page, url);
      await page.goto(url + href.replace('/household/', '/whatif/') + '?year=2026');
      await page.fill('[name="member.0.salary"]', '5200000');
      await page.click('main form button');
      await page.waitForSelector('.figures');
      await axe(page);
      await shot(page, 'whatif-household');
      assert.match(await page.textContent('main'), /なぜ変わるか/);
    } },
  { name: 'drafts are listed and one shows its control totals [NHI-ASM-018 NHI-ASM-023]', role: 'chief', async run({ page, url, axe, shot }) {
      await page.goto(url + '/levy/drafts');
      await axe(page);
      await shot(page, 'drafts');
      await page.click('main table a >> nth=0');
      await axe(page);
      await shot(page, 'draft');
      assert.match(await page.textContent('main'), /対照表/);
    } },
  { name: 'rates are tried on the whole city and radar names the cause [NHI-ASM-016 M7]', role: 'chief', async run({ page, url, axe, shot }) {
      await page.goto(url + '/levy/comparisons');
      await axe(page);
      await shot(page, 'comparisons');
      await page.fill('textarea[name=sets]', '医療.所得割率=7.9\n医療.所得割率=8.2 医療.均等割=50000');
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
      await shot(page, 'comparison');
    }, allow: [404] },
];
