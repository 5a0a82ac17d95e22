/* From the overpayment to the money: drafted, decided by the chief, notice, request, payment. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const engines = ['sqlite', 'postgres'];

const pdfText = (bytes) => {
  const file = join(mkdtempSync(join(tmpdir(), 'hokenka-refund-')), 'a.pdf');
  writeFileSync(file, bytes);
  return execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' }).replace(/\s/g, '');
};

const yen = (text) => Number(text.replace(/[^0-9]/g, ''));

/* The job that a form started, to its end. */
async function finished(page) {
  await page.waitForURL(/\/job\/\d+/).catch(async () => assert.fail(await page.textContent('main')));
  for (let i = 0; i < 150; i++) {
    const text = await page.textContent('main');
    if (/終了/.test(text)) return;
    assert.ok(!/失敗しました/.test(text), text);
    await new Promise((done) => setTimeout(done, 200));
    await page.reload();
  }
  throw new Error('the job does not end: ' + page.url());
}

export default [
  { name: 'an overpayment is drafted, decided by the chief, told, claimed and paid [NHI-COL-009 NHI-COL-010 NHI-COL-011 FIN-002]', role: 'clerk', allow: [422], async run({ page, url, city, axe, shot, as }) {
      execFileSync(join(city.build, 'test/unit/seed/overpay'), [city.path]);
      await page.goto(`${url}/collection/refunds`);
      assert.ok(yen(await page.textContent('.figures b')) > 0);
      await axe(page);
      await page.click('form[action="/collection/refunds"] button');
      await finished(page);
      await page.goto(`${url}/collection/refunds`);
      await shot(page, 'refunds-drafted');
      await page.click('a[href^="/collection/refunds/draft/"]');
      assert.match(await page.textContent('main'), /起案した人は決定できません/);
      const chief = await as('chief');
      await chief.goto(page.url());
      await axe(chief);
      await shot(chief, 'refund-draft');
      const rows = await chief.$$eval('section table tbody tr td', (cells) => cells.map((c) => c.textContent));
      const [debtors, overpaid] = [rows[0], rows[1]].map(yen);
      await chief.fill('[name=debtors]', String(debtors));
      await chief.fill('[name=overpaid]', String(overpaid + 1));
      await chief.click('form[action$="/confirm"] button');
      assert.match(await chief.textContent('main'), /起案と一致しません/); /* nothing is decided */
      assert.deepEqual(city.query('select refund_no from refund'), []);
      await chief.fill('[name=overpaid]', String(overpaid));
      await chief.click('form[action$="/confirm"] button');
      await finished(chief);
      await page.goto(`${url}/collection/refunds`);
      await axe(page);
      await shot(page, 'refunds');
      await page.click('a[href^="/collection/refund/"]');
      await page.waitForSelector('text=還付充当通知書');
      await axe(page);
      await shot(page, 'refund');
      const payable = yen(await page.textContent('.figures li:last-child b'));
      const here = page.url();
      for (const paper of ['notice', 'decision', 'order']) {
        const reply = await page.request.get(`${here}/${paper}.pdf`);
        assert.equal(reply.status(), 200, await reply.text());
        writeFileSync(join(city.build, 'pictures', `refund-${paper}.pdf`), await reply.body());
        assert.ok(pdfText(await reply.body()).includes(`¥${payable.toLocaleString('en')}`), paper);
      }
      /* The request comes back; a bank that is none is said at its field. */
      await page.fill('form[action$="/claim"] [name=bank]', '9876');
      await page.fill('form[action$="/claim"] [name=branch]', '001');
      await page.check('form[action$="/claim"] [name=account_kind][value="1"]');
      await page.fill('form[action$="/claim"] [name=number]', '123456');
      await page.fill('form[action$="/claim"] [name=holder]', 'タナカ　ジロウ');
      await page.click('form[action$="/claim"] button');
      assert.match(await page.textContent('main'), /金融機関コードが名簿にありません/);
      await page.fill('form[action$="/claim"] [name=bank]', '0001');
      await shot(page, 'refund-claim');
      await page.click('form[action$="/claim"] button');
      await page.waitForSelector('text=別の職員の点検を待っています');
      /* Another person looks at it. */
      await chief.goto(`${url}/pending`);
      await chief.click('main table a');
      assert.match(await chief.textContent('main'), /みずほ 東京営業部.*普通 0123456/s); /* in words, before it counts */
      await shot(chief, 'refund-check');
      await chief.click('main form button >> nth=0');
      await page.goto(here);
      assert.match(await page.textContent('main'), /みずほ/);
      await page.waitForSelector('.badge:has-text("支出命令")');
      /* Finance takes the order, the bank pays. */
      const run = (...args) => city.command('job', 'run', ...args, '--city', city.path);
      await chief.goto(`${url}/collection/finance`);
      await axe(chief);
      await shot(chief, 'finance');
      await chief.check('[name=what][value=orders]');
      await chief.click('main form[action^="/collection/finance/"] button >> nth=0');
      await finished(chief);
      const [order] = city.query("select file_name from finance_file where kind = 'orders'");
      const db = join(city.folder, 'finance.db');
      city.command('outside', 'finance', 'init', '--file', db);
      city.command('outside', 'finance', 'orders', '--file', db, '--from', join(city.path, 'out', 'finance', order),
        '--out', join(city.folder, 'answers.csv'));
      run('finance-take', '--path', join(city.folder, 'answers.csv'));
      await chief.goto(`${url}/collection/finance`);
      await chief.check('[name=what][value=transfers]');
      await chief.click('main form[action^="/collection/finance/"] button >> nth=0');
      await finished(chief);
      await page.goto(here);
      await page.check('[name=outcome][value=paid]');
      await page.click('form[action$="/result"] button');
      await page.waitForSelector('.badge:has-text("支払済")');
      await axe(page);
      await shot(page, 'refund-paid');
      assert.match(await page.textContent('main'), /S2026-000001|S\d{4}-000001/);
      const [sum] = city.query('select cast(sum(yen) as bigint) from posting where account = 6');
      assert.equal(Number(sum), -payable);
      /* The account is closed: the money comes back, and is owed again. */
      await page.fill('form[action$="/returned"] [name=why]', '口座解約');
      await page.click('form[action$="/returned"] button');
      await page.waitForSelector('.badge:has-text("支払後に返却")');
      assert.match(await page.textContent('main'), /支払済とした振込が銀行から返却されました/);
      await axe(page);
      await shot(page, 'refund-returned');
      const [left] = city.query('select cast(sum(yen) as bigint) from posting where account = 6');
      assert.equal(Number(left), 0);
    } },
];
