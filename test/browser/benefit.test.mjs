/*
 * Benefit forms from paper to the page: a batch is handed to a contractor, his file is taken in, and
 * the counter finds what was applied for by person, kind and batch.
 */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const engines = (process.env.HOKENKA_BROWSER_ENGINES ?? 'sqlite postgres').split(/[ ,]+/);

const head = '帳票,バッチ番号,枚目,照合,受付日,宛名番号,生年月日,記号番号,診療年月,診療年月至,申請者宛名番号,医療機関,'
  + '支払額,請求額,公金受取口座,金融機関,支店,預金種目,口座番号,口座名義,事由,保険者負担額\r\n';

/* A head, his number and birth date, and of a member of his household. */
function family(city) {
  const [row] = city.query(`select hp.person_no || ',' || mp.person_no || ',' || mi.birth_ymd
    from membership h join membership m on m.household_id = h.household_id and m.is_head = 0
    join person hp on hp.person_id = h.person_id join person mp on mp.person_id = m.person_id
    join person_identity mi on mi.person_id = m.person_id and mi.known_to is null
    where h.is_head = 1 and h.known_to is null and h.valid_to is null and m.known_to is null and m.valid_to is null
    and mi.birth_ymd < '2000-01-01' order by hp.person_no limit 1`);
  const [applicant, person, born] = row.split(',');
  return { applicant, person, born };
}

export default [
  { name: 'applications keyed from a batch of paper are found and opened, unjust enrichment too [DTE-002]', role: 'chief',
    async run({ page, url, axe, shot, city, as }) {
      await page.goto(`${url}/collection/papers`);
      const hand = 'form[action="/collection/papers"]';
      await page.fill(`${hand} input[name=form_kind]`, '給付の申請書');
      await page.fill(`${hand} input[name=sheets]`, '60');
      await page.fill(`${hand} input[name=contractor]`, '練習入力センター');
      await Promise.all([page.waitForEvent('load'), page.click(`${hand} button`)]);
      const { applicant, person, born } = family(city);
      const common = (form, sheet) => `${form},1,${sheet},agreed,2026-06-10,${person},${born},保 00000001,202604,`;
      const application = (form, sheet) => `${common(form, sheet)},${applicant},中央病院,300000,212570,0,0001,001,1,1234567,`
        + 'タナカ　タロウ,,\r\n';
      const file = join(city.folder, 'forms.csv');
      let body = head + application('high_cost', 1) + application('care_expense', 2)
        + `${common('special_care_expense', 3)}202605,${applicant},本町医院,20000,14000,1,,,,,,,\r\n`
        + `${common('unjust_enrichment', 4)},,,,,,,,,,,lost,35000\r\n`;
      for (let sheet = 5; sheet <= 60; sheet++) {
        body += application('high_cost', sheet);
      }
      writeFileSync(file, body);
      city.command('job', 'run', 'import-benefit-forms', '--city', city.path, '--path', file);
      const counter = await as('clerk');
      await counter.goto(`${url}/`);
      await Promise.all([counter.waitForEvent('load'), counter.click('nav a[href="/benefit"][accesskey=b]')]);
      assert.equal(new URL(counter.url()).pathname, '/benefit');
      await axe(counter);
      await shot(counter, 'benefit-work');
      assert.equal(await counter.locator('table.results tbody tr').count(), 50);
      await Promise.all([counter.waitForEvent('load'), counter.click('.pager a')]);
      assert.equal(await counter.locator('table.results tbody tr').count(), 10);
      await counter.fill('input[name=q]', person);
      await counter.selectOption('select[name=kind]', 'unjust_enrichment');
      await counter.fill('input[name=batch]', '1');
      await Promise.all([counter.waitForEvent('load'), counter.click('.search button')]);
      assert.equal(await counter.locator('table.results tbody tr').count(), 1);
      await shot(counter, 'benefit-found');
      await Promise.all([counter.waitForEvent('load'), counter.click('table.results tbody a')]);
      assert.match(await counter.textContent('main'), /資格喪失後の受診[\s\S]*35,000円[\s\S]*練習入力センター/);
      await axe(counter);
      await shot(counter, 'benefit-unjust');
      await counter.goto(`${url}/benefit/application/2026000001`);
      assert.match(await counter.textContent('main'), /受付[\s\S]*中央病院[\s\S]*212,570円[\s\S]*60枚/);
      await axe(counter);
      await shot(counter, 'benefit-application');
      await page.goto(`${url}/benefit/causes`);
      await axe(page);
      await shot(page, 'benefit-causes');
      const keyer = await as('keyer');
      await keyer.goto(`${url}/`);
      assert.equal(await keyer.locator('a[href="/benefit"]').count(), 0);
    } },
];
