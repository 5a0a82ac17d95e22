/*
 * Pension deduction at the counter: the city and the pension payer exchange their files, somebody
 * who pays from his pension asks for direct debit instead, and his notice is printed. On a city of
 * its own for each engine; what was entered is read from the database itself.
 */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const engines = (process.env.HOKENKA_BROWSER_ENGINES ?? 'sqlite postgres').split(/[ ,]+/);

/* From the payer's candidates to his answer: who is started pays from his pension from October. */
function exchange(city) {
  const at = (name) => join(city.folder, name);
  const job = (kind, ...more) => city.command('job', 'run', kind, '--city', city.path, ...more);
  const payer = (...more) => city.command('outside', 'pension', ...more, '--file', at('payer.db'));
  const [code] = city.query('select code from city');
  city.command('export', 'residents', '--city', city.path, at('residents.csv'));
  payer('init', '--from', at('residents.csv'), '--code', code, '--day', '2026-06-14');
  payer('candidates', '--day', '2026-06-14', '--out', at('00.dta'));
  job('pension-take', '--path', at('00.dta'), '--as-of', '2026-06-15');
  job('deduction-yearly', '--year', '2026', '--as-of', '2026-06-15');
  const heads = city.query(`select distinct p.person_no from person p join deduction_judgement j
    on j.debtor_id = p.person_id`);
  writeFileSync(at('care.csv'), '宛名番号,賦課年月,特別徴収額,年金保険者\r\n' +
    heads.map((no) => `${no},202606,6000,999\r\n`).join(''));
  job('import-care-levy', '--path', at('care.csv'));
  job('deduction-yearly', '--year', '2026', '--as-of', '2026-07-25');
  job('pension-plan', '--year', '2026', '--as-of', '2026-07-26');
  job('pension-send', '--notice', '01', '--as-of', '2026-07-28');
  payer('take', '--from', join(city.path, 'out/pension/Z2200001.dta'), '--day', '2026-08-20', '--out', at('02.dta'));
  job('pension-take', '--path', at('02.dta'), '--as-of', '2026-09-01');
  return city.query(`select p.person_no from collection_method m join person p on p.person_id = m.debtor_id
    where m.method = 1 and m.known_to is null order by p.person_no`);
}

/* The first who pays from his pension. */
function somebody(city) {
  return city.query(`select p.person_no from collection_method m join person p on p.person_id = m.debtor_id
    where m.method = 1 and m.known_to is null order by p.person_no limit 1`)[0];
}

async function send(page, form) {
  await Promise.all([page.waitForEvent('load'), page.click(`form[action="${form}"] button`)]);
  return page.textContent('main');
}

export default [
  { name: 'what the levy is collected by stands beside it: pension, tax, cover, accounts [NHI-ASM-002]', role: 'clerk',
    allow: [422], async run({ page, url, axe, shot, city }) {
      const payers = exchange(city);
      assert.ok(payers.length > 10, `${payers.length} pay from their pension`);
      const no = payers[0];
      await page.goto(`${url}/levy/pension`);
      await axe(page);
      await shot(page, 'pension-work');
      assert.match(await page.textContent('main'), /受理されなかった依頼/);
      await page.goto(`${url}/levy/pension/${no}`);
      await axe(page);
      await shot(page, 'pension-person');
      const seen = await page.textContent('main');
      for (const words of ['特別徴収（年金から）', '10月', '特別徴収依頼通知', '受理', '個人住民税', '登録口座', '資格']) {
        assert.ok(seen.includes(words), words);
      }
      /* Without an account there is nothing to debit. */
      await page.check('input[name=action][value=ask]');
      assert.match(await send(page, `/levy/pension/${no}`), /口座が登録されていません/);
      await page.goto(`${url}/party/person/${no}/new/account`);
      await page.selectOption('select[name=business]', 'collection');
      await page.check('input[name=purpose][value=debit]');
      await page.fill('input[name=bank_code]', '0001');
      await page.fill('input[name=branch_code]', '001');
      await page.check('input[name=kind][value="1"]');
      await page.fill('input[name=account_no]', '1234567');
      await page.fill('input[name=holder]', 'ネンキン　ハナコ');
      await page.selectOption('select[name=source]', 'form');
      await page.fill('input[name=source_day]', '2026-06-15');
      await page.fill('input[name=from]', '2026-06-15');
      await send(page, `/party/person/${no}/new/account`);
    } },
  { name: 'a second person confirms the account [NHI-ASM-002]', role: 'chief', async run({ page, url, city }) {
      await page.goto(`${url}/pending`);
      await Promise.all([page.waitForEvent('load'), page.click('main table a >> nth=-1')]);
      await Promise.all([page.waitForEvent('load'), page.click('button[value=ok]')]);
      assert.deepEqual(city.query(`select count(*) from account where account_no = '1234567' and known_to is null`), ['1']);
    } },
  { name: 'a wish for direct debit at the counter stops the deduction [NHI-ASM-028]', role: 'clerk',
    async run({ page, url, axe, shot, city }) {
      const no = somebody(city);
      await page.goto(`${url}/levy/pension/${no}`);
      assert.match(await page.textContent('main'), /\*\*\*\*567/);
      await page.check('input[name=action][value=ask]');
      const after = await send(page, `/levy/pension/${no}`);
      await axe(page);
      await shot(page, 'pension-wish');
      for (const words of ['普通徴収（口座振替）', '口座振替の申出', '資格喪失等の通知', '未送付']) {
        assert.ok(after.includes(words), `${words} in ${after}`);
      }
      assert.deepEqual(city.query('select count(*) from pension_wish where known_to is null'), ['1']);
    } },
  { name: 'the notice of the stop is printed, and the levy page shows the payments [NHI-ASM-028]', role: 'chief',
    async run({ page, url, axe, shot, city }) {
      const [no] = city.query('select p.person_no from pension_wish w join person p on p.person_id = w.person_id');
      await page.goto(`${url}/levy/pension/${no}`);
      const link = await page.locator('a[href*="/letter/"]').first().getAttribute('href');
      const reply = await page.request.get(url + link);
      assert.equal(reply.status(), 200, await reply.text());
      assert.equal((await reply.body()).subarray(0, 5).toString(), '%PDF-');
      const [home] = city.query(`select h.household_no || '/levy/2026/' || m.notice_no from collection_method m
        join household h on h.household_id = m.household_id join person p on p.person_id = m.debtor_id
        where p.person_no = '${no}' and m.known_to is null and m.fiscal_year = 2026`);
      await page.goto(`${url}/household/${home}`);
      await axe(page);
      await shot(page, 'pension-levy');
      assert.match(await page.textContent('main'), /納付の予定/);
      await page.goto(`${url}/household/${home.split('/')[0]}?year=2026`);
      await shot(page, 'pension-household');
      assert.match(await page.textContent('main'), /10月/);
    } },
];
