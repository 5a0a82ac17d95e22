/*
 * Direct debit at the counter and in the back office: an application with the account that stands
 * registered, the bank's answer, a run drafted by one person and confirmed by another, its results.
 */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

export const engines = (process.env.HOKENKA_BROWSER_ENGINES ?? 'sqlite postgres').split(/[ ,]+/);

const job = (city, kind, ...more) => city.command('job', 'run', kind, '--city', city.path, ...more);
const bank = (city, ...more) => city.command('outside', 'bank', ...more, '--file', join(city.folder, 'bank.db'));

/* Debtors of this year who have an account at the bank and something still to fall due. */
function candidates(city) {
  const at = (name) => join(city.folder, name);
  city.command('export', 'residents', '--city', city.path, at('residents.csv'));
  bank(city, 'init', '--from', at('residents.csv'), '--day', '2026-06-21');
  const accounts = new Map(bank(city, 'accounts').split('\r\n').slice(1).filter(Boolean)
    .map((line) => line.split(',')).filter((c) => c[7] === 'open' && Number(c[6]) > 60000).map((c) => [c[0], c]));
  return city.query(`select distinct p.person_no || ' ' || i.due_ymd from liability l join instalment i on i.liability_id = l.liability_id
    join person p on p.person_id = l.debtor_id where l.levy_year = 2026 and i.number = 1 and i.charged_yen between 1000 and 50000
    and i.known_to is null and l.known_to is null order by 1`)
    .map((line) => line.split(' ')).filter(([no]) => accounts.has(no))
    .map(([no, due]) => ({ no, due, account: accounts.get(no) }));
}

let one;

async function press(page, selector) {
  await Promise.all([page.waitForEvent('load'), page.click(selector)]);
  return page.textContent('main');
}

/* The job process of the server does it; the page says when. */
async function finished(page) {
  await page.waitForSelector('text=/完了|終了/', { timeout: 60000 });
}

export default [
  { name: 'without an account there is nothing to debit; the account is registered, and the application taken [BNK-004]',
    role: 'clerk', allow: [422], async run({ page, url, axe, shot, city }) {
      [one] = candidates(city);
      assert.ok(one, 'somebody with an account');
      await page.goto(`${url}/collection/debtor/${one.no}`);
      await page.click(`a[href="/collection/debit/person/${one.no}"]`);
      await axe(page);
      await shot(page, 'debit-person-none');
      assert.match(await page.textContent('main'), /登録されていません/);
      await page.check('input[name=action][value=new]');
      assert.match(await press(page, `form[action="/collection/debit/person/${one.no}"] button`), /口座が登録されていません/);
      await page.goto(`${url}/party/person/${one.no}/new/account`);
      await page.selectOption('select[name=business]', 'collection');
      await page.check('input[name=purpose][value=debit]');
      await page.fill('input[name=bank_code]', one.account[1]);
      await page.fill('input[name=branch_code]', one.account[2]);
      await page.check(`input[name=kind][value="${one.account[3]}"]`);
      await page.fill('input[name=account_no]', one.account[4]);
      await page.fill('input[name=holder]', one.account[5]);
      await page.selectOption('select[name=source]', 'form');
      await page.fill('input[name=source_day]', '2026-06-15');
      await page.fill('input[name=from]', '2026-06-15');
      await press(page, `form[action="/party/person/${one.no}/new/account"] button`);
    } },
  { name: 'a second person confirms the account [BNK-004]', role: 'chief', async run({ page, url, city }) {
      await page.goto(`${url}/pending`);
      await press(page, 'main table a >> nth=-1');
      await press(page, 'button[value=ok]');
      assert.deepEqual(city.query(`select count(*) from account where account_no = '${one.account[4]}' and known_to is null`), ['1']);
    } },
  { name: 'the application waits for the bank, and stands when the bank agrees [BNK-004 NHI-COL-013]', role: 'clerk',
    async run({ page, url, axe, shot, city }) {
      await page.goto(`${url}/collection/debit/person/${one.no}`);
      await page.check('input[name=action][value=new]');
      await press(page, `form[action="/collection/debit/person/${one.no}"] button`);
      assert.match(await page.textContent('main'), /受付（照会前）/);
      job(city, 'debit-check-send');
      const folder = join(city.path, 'out', 'debit');
      const [asked] = readdirSync(folder).filter((name) => name.startsWith('check-'));
      bank(city, 'check', '--from', join(folder, asked), '--out', join(city.folder, 'answer.dat'));
      job(city, 'debit-check-take', '--path', join(city.folder, 'answer.dat'));
      await page.reload();
      await axe(page);
      await shot(page, 'debit-person');
      assert.match(await page.textContent('main'), /登録済/);
      await page.goto(`${url}/collection/debit`);
      await axe(page);
      await shot(page, 'debit-work');
    } },
  { name: 'a run is drafted; a clerk sees what it comes to, and does not confirm it [NHI-COL-013]', role: 'clerk',
    async run({ page, url, axe, shot, city }) {
      job(city, 'debit-draft', '--due', one.due);
      await page.goto(`${url}/collection/debit`);
      await press(page, 'a[href^="/collection/debit/run/"]');
      await axe(page);
      await shot(page, 'debit-draft');
      assert.match(await page.textContent('main'), /仮作成/);
      assert.equal(await page.locator('form[action$="/confirm"]').count(), 0);
    } },
  { name: 'and confirmed by the chief, who copies its totals; the files, their request forms, the results [NHI-COL-013 NHI-COL-015 BNK-001]',
    role: 'chief', allow: [422], async run({ page, url, axe, shot, city }) {
      const [run] = city.query('select max(run_no) from debit_run');
      const [totals] = city.query(`select requests || ' ' || total_yen from debit_run where run_no = ${run}`);
      const [requests, total] = totals.split(' ');
      await page.goto(`${url}/collection/debit/run/${run}`);
      await page.fill('input[name=requests]', requests);
      await page.fill('input[name=total]', String(Number(total) + 1));
      assert.match(await press(page, 'form[action$="/confirm"] button'), /仮作成と違います/);
      await page.fill('input[name=requests]', requests);
      await page.fill('input[name=total]', total);
      await press(page, 'form[action$="/confirm"] button');
      await finished(page);
      await page.goto(`${url}/collection/debit/run/${run}`);
      const paper = await page.request.get(url + await page.locator('a[href*="/request/"]').first().getAttribute('href'));
      assert.equal(paper.status(), 200, await paper.text());
      assert.equal((await paper.body()).subarray(0, 5).toString(), '%PDF-');
      const folder = join(city.path, 'out', 'debit');
      const [sent] = readdirSync(folder).filter((name) => name.startsWith(`debit-${run}-`));
      bank(city, 'debit', '--from', join(folder, sent), '--out', join(city.folder, 'result.dat'));
      job(city, 'debit-result', '--path', join(city.folder, 'result.dat'));
      await page.goto(`${url}/collection/debit/run/${run}`);
      await axe(page);
      await shot(page, 'debit-run');
      const [posted] = city.query(`select coalesce(sum(p.yen), 0) from posting p join journal_entry e on e.entry_id = p.entry_id
        join receipt r on r.receipt_id = e.basis_id where p.account = 3 and r.channel = 30 and r.slip_kind = ''
        and r.paid_ymd = (select debit_ymd from debit_run where run_no = ${run}) and r.raw_key <> ''`);
      const told = await page.locator('.figures li', { hasText: '振替済' }).locator('b').textContent();
      assert.equal(Number(told.replace(/[^\d]/g, '')), Number(posted));
      await page.goto(`${url}/collection/debit/person/${one.no}`);
      await shot(page, 'debit-history');
      assert.match(await page.textContent('main'), /振替済|資金不足/);
    } },
  { name: 'a batch of paper: the cover, the first keying [DTE-004 NHI-COL-008]', role: 'clerk', async run({ page, url, axe, shot, city }) {
      const [slip] = city.query(`select l.notice_no || ' ' || i.number || ' ' || i.charged_yen from liability l join instalment i
        on i.liability_id = l.liability_id where l.levy_year = 2026 and i.number = 2 and i.known_to is null and l.known_to is null
        and i.charged_yen > 0 order by l.notice_no limit 1`);
      const [notice, number, yen] = slip.split(' ');
      await page.goto(`${url}/collection/keyed`);
      await axe(page);
      await page.check('input[name=channel][value=bank]');
      await page.fill('input[name=place]', '0001 001');
      await page.fill('input[name=slips]', '1');
      await page.fill('input[name=total]', yen);
      await press(page, 'form[action="/collection/keyed"] button');
      await page.fill('input[name=year]', '2026');
      await page.fill('input[name=notice]', notice);
      await page.fill('input[name=number]', number);
      await page.fill('input[name=yen]', yen);
      await press(page, 'button[value=key]');
      await axe(page);
      await shot(page, 'keyed-batch');
      const main = await page.textContent('main');
      assert.match(main, /一回目の入力は済みました/);
      assert.ok(main.includes(Number(yen).toLocaleString('en-US')));
    } },
];
