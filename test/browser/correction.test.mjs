/* Corrections: an income that came late, the household corrected at the counter, the city in bulk. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const engines = ['sqlite', 'postgres'];

/* Heads of levied households, so that tests do not meet. */
function heads(city) {
  return city.query(`select h.household_no || ' ' || p.person_no from decision d
    join household h on h.household_id = d.household_id join person p on p.person_id = d.debtor_id
    where d.fiscal_year = 2026 and d.known_to is null and d.outcome = 1 and d.total_yen between 100000 and 400000
      and exists (select 1 from insured_period i where i.person_id = d.debtor_id and i.known_to is null and i.valid_to is null)
    order by d.decision_no limit 3`).map((line) => line.split(' '));
}

async function override(page, url, person, yen) {
  await page.goto(`${url}/levy/income/${person}`);
  await page.fill('[name=income_year]', '2025');
  await page.check('[name=source][value=override]');
  await page.check('[name=route][value=counter]');
  await page.fill('[name=reason]', '確定申告書の控えを確認');
  await page.fill('[name=business_income]', String(yen));
  await page.click('main form button');
  await page.waitForSelector('text=登録しました');
}

async function jobDone(page) {
  await page.waitForURL(/\/job\//);
  for (let i = 0; i < 120; i++) {
    const text = await page.textContent('main');
    if (/終了|完了/.test(text)) return text;
    assert.doesNotMatch(text, /失敗しました/);
    await page.waitForTimeout(250);
    await page.reload();
  }
  throw new Error('the job does not end: ' + page.url());
}

const pdfText = (bytes) => {
  const file = join(mkdtempSync(join(tmpdir(), 'hokenka-correction-')), 'a.pdf');
  writeFileSync(file, bytes);
  return execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' });
};

export default [
  { name: 'an income that came late: the household is corrected at the counter, before and after by instalment, every state stays [NHI-ASM-001 NHI-ASM-007 NHI-ASM-013]', role: 'clerk', async run({ page, url, city, axe, shot }) {
      const [household, person] = heads(city)[0];
      await page.goto(`${url}/levy/correct/${household}/2026`);
      assert.match(await page.textContent('main'), /更正することはありません/);
      await override(page, url, person, 6000000);
      await page.goto(`${url}/household/${household}?year=2026`);
      await page.click('a[href^="/levy/correct/"]');
      await axe(page);
      await shot(page, 'correct');
      assert.match(await page.textContent('main'), /増額/);
      await page.fill('form[method=post] [name=reason]', '所得の更正');
      await page.fill('form[method=post] [name=issue_date]', 'R8.7.1');
      await page.click('form[method=post] button[accesskey="1"]');
      await page.waitForSelector('text=更正を決定しました');
      await axe(page);
      await shot(page, 'corrected');
      const text = await page.textContent('main');
      assert.match(text, /変更済/);
      assert.match(text, /所得更正/);
      /* the state before opens to its own calculation */
      await page.locator('td a[href*="known="]').last().click();
      assert.match(await page.textContent('main'), /いま計算し直しても1バイトも違いません/);
      const states = city.query(`select count(*) from decision d join household h on h.household_id = d.household_id
        where h.household_no = '${household}' and d.fiscal_year = 2026`);
      assert.equal(states[0], '2');
    } },
  { name: 'the city is corrected in bulk: increases and decreases apart, decided by the chief, documents and notices printed [NHI-ASM-012 NHI-ASM-014 NHI-ASM-027]', role: 'operator', async run({ page, url, city, axe, shot, as }) {
      const all = heads(city);
      const clerk = await as('clerk');
      await override(clerk, url, all[1][1], 7000000);
      await override(clerk, url, all[2][1], 0);
      await page.goto(url + '/jobs/start/levy-correct');
      await page.fill('[name="year"]', '2026');
      await page.fill('[name=as_of]', 'R8.6.16');
      await page.fill('[name=issue_date]', 'R8.7.10');
      await page.click('main form button');
      await jobDone(page);
      const drafts = city.query(`select draft_no || ' ' || kind || ' ' || households || ' ' || total_yen from draft
        where kind in ('increase', 'decrease') and status = 2 order by draft_no desc limit 2`).map((l) => l.split(' '));
      assert.equal(drafts.length, 2);
      const chief = await as('chief');
      for (const [no, kind, households, yen] of drafts) {
        await chief.goto(`${url}/levy/draft/${no}`);
        assert.match(await chief.textContent('main'), /事由/);
        await axe(chief);
        await shot(chief, `correction-${kind}`);
        const paper = await chief.request.get(`${url}/levy/correction/${no}/decision.pdf`);
        assert.equal(paper.status(), 200, await paper.text());
        assert.match(pdfText(await paper.body()).replace(/\s/g, ''),
          kind === 'increase' ? /更正決議書（増額）/ : /更正決議書（減額）/);
        await chief.fill('[name=households]', households);
        await chief.fill('[name=difference]', yen);
        await chief.click('form[action$="/confirm"] button');
        await jobDone(chief);
        await chief.goto(`${url}/levy/correction/${no}`);
        await chief.check('[name=what][value=print]');
        await chief.click('form[action$="/print"] button');
        await jobDone(chief);
      }
      const printed = city.query("select count(*) from notice where kind = 'changed' and pulled_reason = 0");
      assert.ok(Number(printed[0]) >= 2, printed[0]);
    } },
];
