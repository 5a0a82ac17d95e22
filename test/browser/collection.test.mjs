/* The collection desk: a debtor's years, the cashier, the error list, the year that was carried over. */
import assert from 'node:assert/strict';

export const engines = ['sqlite', 'postgres'];

/* Debtors who owe instalments of last year. */
function debtors(city) {
  return city.query(`select p.person_no || ' ' || l.notice_no || ' ' || l.liability_id from carry_over c
    join liability l on l.liability_id = c.liability_id join person p on p.person_id = l.debtor_id
    where c.known_to is null and c.yen > 1000 order by c.yen desc, l.notice_no limit 5`).map((line) => line.split(' '));
}

const yen = (text) => Number(text.replace(/[^\d-]/g, ''));

export default [
  { name: 'a debtor on one page: years by instalments, each figure opens to its transactions [NHI-COL-001 NHI-COL-023]', role: 'clerk', async run({ page, url, city, axe, shot }) {
      const [person] = debtors(city)[0];
      await page.goto(`${url}/party/person/${person}`);
      await page.click('a[href^="/collection/debtor/"]');
      await axe(page);
      await shot(page, 'debtor');
      const main = await page.textContent('main');
      assert.match(main, /令和7年度/);
      const overdue = await page.locator('td .badge.danger').count();
      assert.ok(overdue > 0);
      assert.ok(main.includes(`${overdue}期`));
      /* The sum on top is the sum of the cells, and that of the journal. */
      const cells = await page.locator('td:has(.badge.danger) strong').allTextContents();
      const sum = cells.map(yen).reduce((a, b) => a + b, 0);
      const told = await page.locator('.figures li', { hasText: '納期限を過ぎた' }).locator('b').textContent();
      assert.equal(yen(told), sum);
      const ledger = city.query(`select sum(q.yen) from liability l join posting q on q.liability_id = l.liability_id
        join person p on p.person_id = l.debtor_id where q.account = 2 and p.person_no = '${person}'`);
      const all = await page.locator('.figures li', { hasText: '未納額' }).locator('b').textContent();
      assert.equal(yen(all), Number(ledger[0]));
      await page.locator('td:has(.badge.danger) a').first().click();
      await axe(page);
      await shot(page, 'instalment');
      const text = await page.textContent('main');
      assert.match(text, /調定/);
      assert.match(text, /滞納繰越/);
    } },
  { name: 'the cashier takes what is owed; the debtor is paid up, the day table says so [NHI-COL-007 NHI-COL-001]', role: 'clerk', async run({ page, url, city, axe, shot }) {
      const [person, notice] = debtors(city)[1];
      await page.goto(`${url}/collection/cashier?person=${person}`);
      await page.click(`a[href*="notice_no=${notice}"]`);
      await axe(page);
      await shot(page, 'cashier');
      const before = await page.locator('[name=yen]').inputValue();
      const instalment = await page.locator('[name=instalment]').inputValue();
      await page.click('form[method=post] button[accesskey="1"]');
      await page.waitForSelector('text=収納しました');
      assert.match(await page.textContent('main'), /きょうの窓口収納　1件/);
      const left = city.query(`select sum(q.yen) from liability l join posting q on q.liability_id = l.liability_id
        where l.levy_year = 2025 and l.notice_no = ${notice} and q.number = ${instalment} and q.account = 2`);
      assert.equal(left[0], '0');
      /* The same once more is not taken. */
      await page.fill('[name=instalment]', instalment);
      await page.fill('[name=yen]', before);
      await page.click('form[method=post] button[accesskey="1"]');
      await page.waitForSelector('text=納付済の期です');
      await page.goto(url + '/collection/receipts');
      await axe(page);
      await shot(page, 'receipts');
      const row = page.locator('tr', { hasText: '窓口' }).first();
      assert.match(await row.textContent(), new RegExp(before.replace(/\B(?=(\d{3})+$)/g, ',')));
    }, allow: [422] },
  { name: 'the error list is worked through: a misread number is put right, a second payment becomes an overpayment [NHI-COL-005 NHI-COL-006]', role: 'clerk', async run({ page, url, city, axe, shot }) {
      const held = (reason) => city.query(`select r.receipt_id || ' ' || r.notice_no || ' ' || r.number from receipt r where r.outcome = 2
        and r.reason = '${reason}' and not exists (select 1 from receipt_treatment t where t.receipt_id = r.receipt_id) order by 1`).map((l) => l.split(' '));
      await page.goto(url + '/collection/errors');
      await axe(page);
      await shot(page, 'errors');
      const text = await page.textContent('main');
      assert.match(text, /二重納付/);
      assert.match(text, /該当なし/);
      const [unknown, misread] = held('unknown')[0];
      await page.click(`a[href="/collection/error/${unknown}"]`);
      await axe(page);
      assert.match(await page.textContent('main'), /この通知書番号の債権はありません/);
      await page.fill('[name=reason]', '番号の読み違い');
      await page.click('main form button');
      await page.waitForSelector('text=その年度・通知書番号・期の調定はありません');
      await page.fill('[name=notice_no]', String(Number(misread) - 90000000));
      await page.fill('[name=reason]', '番号の読み違い');
      await page.click('main form button');
      await page.waitForSelector('text=処理しました');
      const [double, notice, number] = held('double')[0];
      await page.goto(`${url}/collection/error/${double}`);
      await shot(page, 'error');
      await page.fill('[name=reason]', '二重納付、過誤納とする');
      await page.click('main form button');
      await page.waitForSelector('text=処理しました');
      const over = city.query(`select -sum(q.yen) from liability l join posting q on q.liability_id = l.liability_id
        where l.levy_year = 2025 and l.notice_no = ${notice} and q.number = ${number} and q.account = 4`);
      assert.ok(Number(over[0]) > 0);
      /* It is done once. */
      await page.goto(`${url}/collection/error/${double}`);
      assert.match(await page.textContent('main'), /処理済/);
      assert.equal(await page.locator('main form').count(), 0);
    }, allow: [422] },
  { name: 'the year that was carried over: totals, the list of debtors, not twice [NHI-COL-019]', role: 'chief', async run({ page, url, city, axe, shot }) {
      await page.goto(url + '/collection/closings');
      await axe(page);
      await shot(page, 'closings');
      await page.click('a[href^="/collection/closing/"]');
      await axe(page);
      const carried = city.query('select sum(yen) from carry_over where known_to is null')[0];
      const told = await page.locator('.figures li', { hasText: '繰越額' }).locator('b').textContent();
      assert.equal(yen(told), Number(carried));
      await page.goto(url + '/list/collection/carried_totals?v0=2025&go=1');
      assert.match(await page.textContent('main'), new RegExp(carried.replace(/\B(?=(\d{3})+$)/g, ',')));
    } },
];
