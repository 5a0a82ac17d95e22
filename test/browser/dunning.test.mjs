/* Dunning from draft to print, and a slip issued anew: one person drafts, another confirms. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const engines = ['sqlite', 'postgres'];

const pdfText = (bytes) => {
  const file = join(mkdtempSync(join(tmpdir(), 'hokenka-dunning-')), 'a.pdf');
  writeFileSync(file, bytes);
  return execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' }).replace(/\s/g, '');
};

async function finished(page) {
  await page.waitForURL(/\/job\/\d+/);
  await page.waitForSelector('.badge:has-text("終了")', { timeout: 60000 });
}

const number = (s) => Number(s.replace(/[^0-9]/g, ''));

export default [
  { name: 'dunnings are drafted with the reasons why not, confirmed by the chief against totals, printed, posted [NHI-COL-016 NHI-CMN-022 PRN-002]', role: 'clerk', allow: [422], async run({ page, url, city, axe, shot, as }) {
      await page.goto(`${url}/collection/dunnings`);
      await axe(page);
      await page.click('form[action="/collection/dunnings"] button');
      await finished(page);
      await page.goto(`${url}/collection/dunnings`);
      await shot(page, 'dunnings');
      await page.click('table a[href^="/collection/draft/"]');
      await axe(page);
      await shot(page, 'dunning-draft', { fullPage: true });
      assert.match(await page.textContent('main'), /抽出した人は確定できません|確定する/);
      assert.equal(await page.locator('form[action$="/confirm"]').count(), 0);
      const draft = page.url();
      await page.goto(`${draft}?out=1`);
      await axe(page);
      const chief = await as('chief');
      await chief.goto(draft);
      const figures = await chief.locator('ul.figures b').allTextContents();
      await chief.fill('[name=letters]', '1');
      await chief.fill('[name=total]', '1');
      const today = city.query("select max(as_of_ymd) from dunning_draft")[0];
      await chief.fill('[name=issue_date]', today);
      await chief.click('form[action$="/confirm"] button');
      assert.match(await chief.textContent('main'), /対照/);
      await chief.fill('[name=letters]', String(number(figures[0])));
      await chief.fill('[name=total]', String(number(figures[1])));
      await chief.click('form[action$="/confirm"] button');
      await finished(chief);
      assert.equal(city.query('select count(*) from dunning where known_to is null')[0], String(number(figures[0])));
      await chief.goto(`${url}/collection/post`);
      await axe(chief);
      await chief.fill('[name=issue_date]', today);
      await chief.check('[name=slips]');
      await chief.click('form[action="/collection/post/print"] button');
      await finished(chief);
      await chief.goto(`${url}/collection/post/1`);
      await axe(chief);
      await shot(chief, 'post-run', { fullPage: true });
      const letter = await chief.getAttribute('a[href^="/collection/document/"]', 'href');
      const paper = await chief.request.get(url + letter);
      assert.equal(paper.status(), 200);
      writeFileSync(join(city.build, 'pictures', 'dunning-letter.pdf'), await paper.body());
      assert.match(pdfText(await paper.body()), /督促状.*指定の期限/);
      const [n] = city.query('select count(*) from post_item where reason = 0');
      await chief.fill('[name=count]', '1');
      await chief.click('form[action$="/despatch"] button');
      assert.match(await chief.textContent('main'), /通数が発送する通数と違います/);
      await chief.fill('[name=count]', n);
      await chief.click('form[action$="/despatch"] button');
      await chief.waitForSelector('text=発送を記録しました');
    } },
  { name: 'a slip is issued anew with the present balance, a late charge opens to the yen, a certificate is handed out [NHI-COL-022 NHI-COL-002 NHI-COL-003]', role: 'clerk', allow: [422], async run({ page, url, city, axe, shot, as }) {
      const [no] = city.query(`select p.person_no from dunning d join person p on p.person_id = d.debtor_id
        where d.known_to is null and d.hand_reason = 0 order by d.dunning_id limit 1`);
      await page.goto(`${url}/collection/letters/${no}`);
      await axe(page);
      await shot(page, 'debtor-letters', { fullPage: true });
      await page.click('a[href^="/collection/late/"]');
      await axe(page);
      await shot(page, 'late-steps', { fullPage: true });
      await page.goBack();
      await page.fill('[name=reason]', '紛失');
      await page.click('form[action$="/slips"] button');
      assert.match(await page.textContent('main'), /期が選ばれていません/);
      await page.check('[name="pick.0.tick"]');
      await page.fill('[name=reason]', '紛失');
      const [reply] = await Promise.all([page.waitForResponse((r) => r.url().endsWith('/slips')),
        page.click('form[action$="/slips"] button')]);
      assert.equal(reply.status(), 200);
      const [slip] = city.query(`select issue || ' ' || yen from slip where kind = 'reissue' and known_to is null`);
      assert.match(slip, /^[12] \d+$/);
      const next = await as('clerk'); /* the first page is opening the PDF */
      await next.goto(`${url}/collection/certificates/${no}`);
      await axe(next);
      await shot(next, 'certificates', { fullPage: true });
      await next.goto(`${url}/collection/papers`);
      await axe(next);
      await shot(next, 'papers');
    } },
];
