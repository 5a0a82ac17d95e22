/* An exemption from the counter to the notice: one person enters, another decides. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const engines = ['sqlite', 'postgres'];

const pdfText = (bytes) => {
  const file = join(mkdtempSync(join(tmpdir(), 'hokenka-exemption-')), 'a.pdf');
  writeFileSync(file, bytes);
  return execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' }).replace(/\s/g, '');
};

export default [
  { name: 'an exemption is applied for at the counter, shown before it is granted, decided by the chief, with its notice [NHI-ASM-004 NHI-ASM-006]', role: 'clerk', allow: [422], async run({ page, url, city, axe, shot, as }) {
      const all = city.query(`select h.household_no from decision d join household h on h.household_id = d.household_id
        where d.fiscal_year = 2026 and d.known_to is null and d.outcome = 1 and d.total_yen between 200000 and 500000
        order by d.decision_no limit 20`);
      let household; /* one without a change that waits for a correction */
      for (const no of all) {
        await page.goto(`${url}/levy/correct/${no}/2026`);
        if (/更正することはありません/.test(await page.textContent('main'))) { household = no; break; }
      }
      await page.goto(`${url}/household/${household}?year=2026`);
      await page.click('a[href^="/levy/exempt/"]');
      await page.selectOption('[name=ground]', 'disaster');
      await page.check('[name=pattern][value=instalments]');
      await page.fill('[name=cuts]', '99:1');
      await page.fill('[name=note]', '床上浸水');
      await page.click('form[method=post] button[accesskey="1"]');
      assert.match(await page.textContent('main'), /期別減免額を読めません/); /* said at the field, nothing stored */
      await page.check('[name=pattern][value=rate]');
      await page.fill('[name=cuts]', '');
      await page.fill('[name=percent]', '50');
      await axe(page);
      await shot(page, 'exempt');
      await page.click('form[method=post] button[accesskey="1"]');
      await page.waitForURL(/\/levy\/exemption\/2026\/\d+/);
      assert.match(await page.textContent('main'), /受け付けた人は決定できません/);
      const chief = await as('chief');
      await chief.goto(`${url}/levy/exemptions`);
      await axe(chief);
      await shot(chief, 'exemptions');
      await chief.goto(page.url());
      await axe(chief);
      await shot(chief, 'exemption');
      await chief.check('[name=answer][value=grant]');
      await chief.click('form[action$="/decide"] button');
      await chief.waitForSelector('text=決定通知書');
      const paper = await chief.request.get(page.url() + '/notice.pdf');
      assert.equal(paper.status(), 200, await paper.text());
      writeFileSync(join(city.build, 'pictures', 'exemption-notice.pdf'), await paper.body());
      assert.match(pdfText(await paper.body()), /減免承認通知書.*災害.*年額の50％/);
      const [state] = city.query(`select d.cause || ' ' || c.before_yen || ' ' || c.after_yen from decision d
        join correction c on c.decision_id = d.decision_id where d.cause = 'exemption'`);
      const [, before, after] = state.split(' ').map(Number);
      assert.equal(after, before - Math.floor(before / 2));
    } },
  { name: 'the chief adopts another table of grounds; the counter offers it at once [NHI-ASM-004]', role: 'chief', allow: [422], async run({ page, url, city, axe, shot, as }) {
      await page.goto(url + '/levy/exemption-grounds');
      await axe(page);
      await page.fill('fieldset:nth-of-type(6) input[name*=code]', 'Crop');
      await page.fill('fieldset:nth-of-type(6) input[name*=label]', '不作');
      await page.fill('fieldset:nth-of-type(6) input[name*=percent]', '40');
      await page.fill('fieldset:nth-of-type(6) input[name*=article]', '条例第21条');
      await page.fill('[name=reason]', '条例の改正');
      await page.click('main form button[accesskey="1"]');
      assert.match(await page.textContent('main'), /表が正しくありません/); /* codes are small letters */
      await page.fill('fieldset:nth-of-type(6) input[name*=code]', 'crop');
      await page.click('main form button[accesskey="1"]');
      await page.waitForSelector('text=減免の事由の表を変えました');
      await shot(page, 'exemption-grounds');
      const [no] = city.query(`select h.household_no from decision d join household h on h.household_id = d.household_id
        where d.fiscal_year = 2026 and d.known_to is null order by d.decision_no limit 1`);
      const clerk = await as('clerk');
      await clerk.goto(`${url}/levy/exempt/${no}/2026`);
      assert.equal(await clerk.locator('[name=ground] option[value=crop]').textContent(), '不作');
      await clerk.goto(url + '/levy/exemption-grounds');
      assert.equal(await clerk.locator('main form').count(), 0); /* read, not changed */
    } },
];
