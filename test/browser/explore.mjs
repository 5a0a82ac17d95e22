import { Browser } from './harness.mjs';
const b = new Browser('/tmp/h-K'); await b.start();
const url='http://localhost:8123';
await b.run({url}, {role:'clerk', allow:[422,404,409], async run({page,shot}){
  await page.goto(url+'/'); await shot(page,'home');
  await page.goto(url+'/counter/pending'); await shot(page,'pending');
  const t=await page.locator('table.results tbody tr').allTextContents(); console.log(t.join('\n'));
  for (const i of [...Array(t.length).keys()]) {
    await page.goto(url+'/counter/pending');
    await page.locator('table.results tbody tr td:first-child a').nth(i).click();
    await shot(page,'notify-'+i);
    await page.selectOption('select[name=identity]','1');
    await page.click('main form[method=post] button');
    await shot(page,'preview-'+i);
    console.log(i, page.url(), (await page.locator('#problems').allTextContents()).join(' '), (await page.locator('#preview table').first().allTextContents()).join('|'));
  }
}}).catch(e=>console.log(e.message));
await b.stop();
