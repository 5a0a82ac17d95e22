/*
 * Notices at the counter, by keyboard alone: from the list of what is pending to the document
 * printed and handed over. Households of the demo city wait for exactly this. Every flow runs on
 * both engines, or on those HOKENKA_BROWSER_ENGINES names; what was entered is read from the
 * database itself.
 */
import assert from 'node:assert/strict';

export const engines = (process.env.HOKENKA_BROWSER_ENGINES ?? 'sqlite postgres').split(/[ ,]+/);

/* A keyboard that counts. */
function hands(page) {
  return { strokes: 0,
    async press(key) { this.strokes++; await page.keyboard.press(key); },
    /* A stroke that leads to another page. */
    async go(key) { await Promise.all([page.waitForEvent('load'), this.press(key)]); },
    async type(text) { this.strokes += text.length; await page.keyboard.type(text); } };
}

/* Reported to be read; only what nobody would accept fails. */
function counted(keys, name) {
  console.log(`# ${name}: ${keys.strokes} strokes`);
  assert.ok(keys.strokes <= 120, `${keys.strokes} strokes`);
}

async function tabTo(page, keys, selector) {
  for (let i = 0; i < 60; i++) {
    if (await page.evaluate((s) => document.activeElement?.matches(s), selector)) return;
    await keys.press('Tab');
  }
  throw new Error(`the keyboard does not reach ${selector}`);
}

/* Down the pending list to the row that has these words. */
async function choose(page, keys, url, words) {
  await page.goto(url + '/');
  assert.match(await page.textContent('main'), /処理待ちの異動/, 'the first page counts them');
  await tabTo(page, keys, '.menu a[href="/counter/pending"]'); /* Alt+m, where the browser has keys */
  await keys.go('Enter');
  for (let i = 0; i < 30; i++) {
    const row = await page.evaluate(() => document.activeElement?.closest('tr')?.innerText ?? '');
    if (row.includes(words)) {
      const name = (await page.evaluate(() => document.activeElement.closest('tr').cells[1].innerText)).trim();
      await keys.go('Enter');
      return name;
    }
    await keys.press('ArrowDown');
  }
  throw new Error(`nothing pending with ${words}`);
}

/* From the open notice to the page that says it is done. */
async function enter({ page, axe, shot }, keys, name, expected) {
  assert.equal(await page.evaluate(() => document.activeElement?.name), 'identity',
    'all but the identity check is known');
  await axe(page);
  await shot(page, `notify-${name}`);
  await keys.type('1');
  await keys.go('Control+Enter');
  await page.waitForSelector('#preview');
  await axe(page);
  await shot(page, `notify-${name}-preview`);
  const seen = await page.textContent('#preview');
  for (const words of expected) assert.ok(seen.includes(words), `${words} in: ${seen}`);
  await keys.go('Enter');
  assert.match(page.url(), /\/done\/\d+$/);
  assert.match(await page.textContent('main'), /資格に反映しました/);
  await axe(page);
}

/* Issues what is due, prints it and hands it over. */
async function papers({ page, axe, shot }, keys, name, wanted) {
  await tabTo(page, keys, 'form[action$="/papers"] button');
  await keys.go('Enter');
  assert.equal(await page.locator('input[name^="paper."][type=checkbox]').count(), wanted,
    await page.textContent('main'));
  const prints = await page.locator('main a[href^="/certificate/"][href$="/pdf"]').evaluateAll((all) => all.map((a) => a.href));
  assert.equal(prints.length, wanted);
  for (const link of prints) {
    const reply = await page.request.get(link);
    assert.equal(reply.status(), 200, await reply.text());
    assert.equal((await reply.body()).subarray(0, 5).toString(), '%PDF-');
  }
  await tabTo(page, keys, 'input[name=confirmed]');
  await keys.press('Space');
  await tabTo(page, keys, 'form[action$="/hand"] button');
  await keys.go('Enter');
  assert.match(await page.textContent('main'), /内容確認済/);
  await axe(page);
  await shot(page, `notify-${name}-done`);
}

/* The first document to come back lies on the counter. */
async function giveBack({ page, axe, shot }, keys, name) {
  const backs = () => page.locator('input[name^="back."][type=checkbox]').count();
  const before = await backs();
  await tabTo(page, keys, 'input[name="back.0.take"]');
  await keys.press('Space');
  await tabTo(page, keys, 'form[action$="/papers"] button');
  await keys.go('Enter');
  await axe(page);
  await shot(page, `notify-${name}-done`);
  assert.equal(await backs(), before - 1, 'it is back');
}

/* The periods of a person as the database has them now. */
function periods(city, name) {
  return city.query(`select e.acquired_by || ' ' || e.valid_from || ' ' || coalesce(e.lost_by, '-') || ' ' ||
    coalesce(e.valid_to, '-') from insured_period e join person_name n on n.person_id = e.person_id
    where n.name = '${name}' and n.is_used = 1 and n.known_to is null and e.known_to is null
    and not exists (select 1 from person_name m where m.name = n.name and m.person_id < n.person_id
    and m.is_used = 1) order by e.valid_from`);
}

export default [
  { name: 'moving in with two children: from the list to three documents [NHI-ELG-005 NHI-ELG-012]', role: 'clerk',
    async run(at) {
      const keys = hands(at.page);
      const name = await choose(at.page, keys, at.url, '港 春子');
      await enter(at, keys, 'family', ['令和8年6月7日', '転入', '交付する', '令和8年度の保険料']);
      await papers(at, keys, 'family', 3);
      assert.deepEqual(periods(at.city, name), ['01 2026-06-07 - -']);
      assert.deepEqual(periods(at.city, '港 陸'), ['01 2026-06-07 - -']);
      assert.deepEqual(periods(at.city, '港 海'), ['01 2026-06-07 - -']);
      counted(keys, name);
    } },
  { name: 'leaving for a company: the document comes back [NHI-ELG-006]', role: 'clerk', async run(at) {
      const keys = hands(at.page);
      const name = await choose(at.page, keys, at.url, '社会保険の加入');
      await enter(at, keys, 'company', ['社会保険加入', '令和8年6月2日', '回収する', '減ります']);
      await giveBack(at, keys, 'company');
      assert.match(periods(at.city, name).at(-1), / 52 2026-06-02$/);
      counted(keys, name);
    } },
  { name: 'a birth [NHI-ELG-013]', role: 'clerk', async run(at) {
      const keys = hands(at.page);
      const name = await choose(at.page, keys, at.url, '誕 生実');
      await enter(at, keys, 'birth', ['出生', '令和8年6月5日', '交付する']);
      await papers(at, keys, 'birth', 1);
      assert.deepEqual(periods(at.city, name), ['04 2026-06-05 - -']);
      counted(keys, name);
    } },
  { name: 'death of the head: cover ends, his document comes back', role: 'clerk',
    async run(at) {
      const keys = hands(at.page);
      const name = await choose(at.page, keys, at.url, '死亡');
      await enter(at, keys, 'death', ['死亡', '世帯の変更', '令和8年6月5日', '納付義務者']);
      await giveBack(at, keys, 'death');
      assert.match(periods(at.city, name).at(-1), / 54 2026-06-05$/);
      counted(keys, name);
    } },
  { name: 'divorce with a split: cover goes on under another number [NHI-ELG-007]', role: 'clerk',
    async run(at) {
      const keys = hands(at.page);
      const name = await choose(at.page, keys, at.url, '世帯の変更');
      await enter(at, keys, 'divorce', ['世帯の変更', '加入中', '交付する', '回収する']);
      await papers(at, keys, 'divorce', 2);
      assert.match(periods(at.city, name).at(-1), / - -$/);
      const numbers = at.city.query(`select count(distinct b.number) from branch_number b join person_name n
        on n.person_id = b.person_id where n.name = '${name}' and n.is_used = 1 and n.known_to is null`);
      assert.equal(String(numbers[0]), '2');
      counted(keys, name);
    } },
  { name: 'a 75th birthday: cover ends that very day, and the premium with it [NHI-ELG-051]', role: 'clerk',
    async run(at) {
      const keys = hands(at.page);
      const [birthday] = at.city.query('select cause_ymd from pending_change where kind = 7');
      const name = await choose(at.page, keys, at.url, '75歳到達');
      await enter(at, keys, 'birthday', ['後期高齢者医療加入', '減ります']);
      /* He holds a notice of eligibility (資格情報のお知らせ), which nobody gives back. */
      assert.equal(await at.page.locator('input[name^="back."]').count(), 0);
      assert.match(periods(at.city, name).at(-1), new RegExp(` 56 ${birthday}$`));
      counted(keys, name);
    } },
  { name: 'the notice works without script, and giving up leaves nothing', role: 'clerk', script: false,
    async run({ page, url, city }) {
      const keys = hands(page);
      const before = city.query('select count(*) from event');
      await page.goto(url + '/counter/pending');
      await page.locator('tr', { hasText: '帰山' }).locator('a').first().focus();
      await keys.go('Enter');
      await page.locator('[name=identity]').focus();
      await keys.type('3');
      await tabTo(page, keys, 'form[action^="/counter/notify/"] button');
      await keys.go('Enter');
      assert.match(await page.textContent('#preview'), /令和7年度の保険料/);
      await tabTo(page, keys, '#preview a.button');
      await keys.go('Enter');
      assert.match(page.url(), /\/household\/\d+$/);
      assert.deepEqual(city.query('select count(*) from event'), before);
    } },
  { name: 'back from abroad: retroactive months of the year before', role: 'clerk', async run(at) {
      const keys = hands(at.page);
      const name = await choose(at.page, keys, at.url, '帰山');
      await enter(at, keys, 'return', ['令和7年11月22日', '令和7年度の保険料', '令和8年度の保険料', '14日を過ぎた']);
      await papers(at, keys, 'return', 1);
      assert.deepEqual(periods(at.city, name), ['01 2025-11-22 - -']);
      counted(keys, name);
    } },
  { name: 'the person on one timeline, then and now', role: 'clerk', async run({ page, url, axe, shot }) {
      await page.goto(url + '/party/search?q=' + encodeURIComponent('ミナト ハルコ'));
      await page.locator('main a[href^="/party/person/"]').first().click();
      await page.waitForSelector('figure.lanes svg');
      await axe(page);
      await shot(page, 'person-timeline');
      assert.match(await page.textContent('figure.lanes'), /国保の資格/);
      const person = page.url();
      await page.goto(person + '?valid=R8.6.1');
      assert.match(await page.textContent('main'), /過去の姿/);
    } },
  { name: 'after all of them the city is whole', role: 'none', async run({ city }) {
      assert.match(city.command('verify', '--city', city.path), /食い違いはありません/);
    } },
];
