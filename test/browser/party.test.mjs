/* Search and person: one box, keyboard first; protected people without an address. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

async function search(page, url, words) {
  await page.goto(`${url}/party/search?q=${encodeURIComponent(words)}`);
}

async function people(page) {
  return page.locator('main tbody tr').count();
}

export default [
  { name: 'search by kana, kanji and address finds people with their state [NHI-CMN-010]', role: 'clerk',
    async run({ page, url, axe, shot }) {
      await search(page, url, 'サトウ');
      assert.ok(await people(page) > 1);
      assert.match(await page.textContent('main'), /国保|元国保|国保外/);
      await axe(page);
      await shot(page, 'search-kana');
      await search(page, url, '佐藤');
      assert.ok(await people(page) > 1);
      await search(page, url, '桜ケ丘 サトウ');
      await axe(page);
      await search(page, url, 'ダレモイナイナマエ');
      assert.match(await page.textContent('main'), /見つかりません/);
    } },
  { name: 'from the search by Enter to the person and his household [NHI-CMN-003 NHI-ELG-001 NHI-ELG-003]', role: 'clerk',
    async run({ page, url, axe, shot }) {
      await page.goto(url + '/party/search');
      await page.fill('main input[name=q]', 'タナカ');
      await page.keyboard.press('Enter');
      await page.waitForSelector('main tbody a');
      const insured = page.locator('main tbody tr', { has: page.locator('.badge.good') }).first();
      await insured.locator('a').first().click();
      await page.waitForSelector('dl.facts');
      const text = await page.textContent('main');
      assert.match(text, /宛名番号/);
      assert.match(text, /資格確認書|資格情報のお知らせ|被保険者証/);
      await axe(page);
      await shot(page, 'person');
      await page.locator('dl.facts a[href^="/household/"]').click();
      await page.waitForSelector('main');
      assert.match(await page.textContent('main'), /異動の履歴/);
      await axe(page);
      await shot(page, 'household-eligibility');
    } },
  { name: 'a My Number is not searched by [ADR-007 E4]', role: 'clerk',
    async run({ page, url }) {
      await search(page, url, '123456789018');
      assert.match(await page.textContent('main'), /12桁の番号では検索できません/);
    } },
  { name: 'protected people are shown without an address, by name, wherever they appear [ADR-014]', role: 'clerk',
    async run({ page, url, city, shot }) {
      const file = join(city.folder, 'residents.csv');
      city.command('export', 'residents', '--city', city.path, file);
      const [head, ...lines] = readFileSync(file, 'utf8').split('\r\n').map((line) => line.split(','));
      const at = (name) => head.indexOf(name);
      const marked = lines.filter((line) => line[at('支援措置')] === '1');
      assert.ok(marked.length > 0, 'the demo city has protected people');
      for (const line of marked) {
        const [number, name, town, street] = ['宛名番号', '氏名', '町字', '番地号'].map((c) => line[at(c)]);
        await search(page, url, number);
        const row = page.locator('main tbody tr', { hasText: name.split('　')[0] }).first();
        assert.match(await row.textContent(), /非開示/);
        for (const where of [`/party/search?q=${number}`, `/party/person/${number}`,
          `/household/${line[at('世帯番号')]}`]) {
          await page.goto(url + where);
          assert.doesNotMatch(await page.textContent('main'), new RegExp(town + street), `${name} ${where}`);
        }
        await page.goto(`${url}/party/person/${number}`);
        await shot(page, 'person-protected');
      }
    } },
  { name: 'search works without JavaScript', role: 'clerk', script: false,
    async run({ page, url }) {
      await search(page, url, 'タナカ');
      assert.ok(await people(page) > 1);
    } },
];
