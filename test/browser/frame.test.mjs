/* What stands around every page: the door, the menu, keys, messages, the look of all parts. */
import assert from 'node:assert/strict';
import { signIn } from './harness.mjs';

export default [
  { name: 'a stranger is led to the door and back to where he wanted to go [SEC-001 E5]', role: 'none',
    async run({ page, url, axe, shot }) {
      await page.goto(url + '/style');
      assert.equal(new URL(page.url()).pathname, '/sign-in');
      await axe(page);
      await shot(page, 'sign-in');
      await page.fill('input[name=name]', 'clerk');
      await page.fill('input[name=password]', 'hokenka-clerk');
      await page.click('main form button');
      await axe(page);
      await shot(page, 'sign-in-code');
      const code = (await page.textContent('main')).match(/\b\d{6}\b/)[0];
      await page.fill('input[name=code]', code);
      await page.click('main form button');
      assert.equal(new URL(page.url()).pathname, '/style');
    } },
  { name: 'a wrong password is refused without saying which part was wrong [SEC-003]', role: 'none',
    allow: [401, 403, 422, 429],
    async run({ page, url }) {
      await page.goto(url + '/sign-in');
      await page.fill('input[name=name]', 'nobody');
      await page.fill('input[name=password]', 'wrong-password');
      await page.click('main form button');
      assert.equal(new URL(page.url()).pathname, '/sign-in');
      assert.equal(await page.locator('.account').count(), 0);
    } },
  { name: 'signing in and out works without JavaScript', role: 'none', script: false,
    async run({ page, url }) {
      await signIn(page, url, 'auditor');
      await page.click('.leave button');
      await page.goto(url + '/');
      assert.equal(new URL(page.url()).pathname, '/sign-in');
    } },
  { name: 'all components stand the check for accessibility', role: 'clerk',
    async run({ page, url, axe, shot }) {
      await page.goto(url + '/style');
      await axe(page);
      await shot(page, 'style');
      await page.setViewportSize({ width: 600, height: 900 });
      await axe(page);
      await shot(page, 'style-narrow');
    } },
  { name: 'the start page of every role stands the check for accessibility', role: 'clerk',
    async run({ page, url, axe, shot }) {
      await page.goto(url + '/');
      await axe(page);
      await shot(page, 'home');
    } },
  { name: 'keys: skip link, search by slash, Enter moves on, arrows walk the results', role: 'clerk',
    async run({ page, url }) {
      await page.goto(url + '/style');
      await page.keyboard.press('Tab');
      assert.equal(await page.evaluate(() => document.activeElement.className), 'skip');
      await page.focus('#sample-name');
      await page.keyboard.type('山田');
      await page.keyboard.press('Enter');
      assert.equal(await page.evaluate(() => document.activeElement.id), 'sample-kana');
      await page.evaluate(() => document.activeElement.blur());
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowDown');
      assert.equal(await page.evaluate(() => document.activeElement.textContent), '10023046');
      await page.keyboard.press('ArrowUp');
      assert.equal(await page.evaluate(() => document.activeElement.textContent), '10023045');
      if (await page.locator('.quick input[type=text]').count()) {
        await page.keyboard.press('/');
        assert.ok(await page.evaluate(() => document.activeElement.closest('.quick') !== null));
      }
    } },
  { name: 'problems of a form are listed, tied to their fields, and what was typed stays', role: 'clerk',
    allow: [422],
    async run({ page, url, axe, shot }) {
      await page.goto(url + '/style');
      await page.fill('#sample-name', '山田 太郎');
      await page.fill('#sample-birth', 'R8.2.30');
      await page.click('button[name=go][value=save]');
      assert.ok(await page.locator('#problems li').count() >= 3);
      assert.equal(await page.evaluate(() => document.activeElement.id), 'problems');
      assert.equal(await page.inputValue('#sample-birth'), 'R8.2.30');
      assert.equal(await page.inputValue('#sample-name'), '山田 太郎');
      assert.equal(await page.getAttribute('#sample-birth', 'aria-invalid'), 'true');
      await axe(page);
      await shot(page, 'problems');
    } },
  { name: 'a form that is right is taken and says so on the next page once', role: 'clerk',
    async run({ page, url }) {
      await page.goto(url + '/style');
      await page.fill('#sample-name', '山田 太郎');
      await page.fill('#sample-kana', 'やまだ たろう');
      await page.fill('#sample-birth', 'S39.1.2');
      await page.check('input[name=kind][value=birth]');
      await page.click('button[name=go][value=save]');
      assert.ok(await page.locator('.notice.done[role=status]').count());
      await page.reload();
      assert.equal(await page.locator('.notice.done[role=status]').count(), 0);
    } },
  { name: 'the back button and a second sending do nothing twice', role: 'clerk', allow: [409],
    async run({ page, url }) {
      await page.goto(url + '/style');
      await page.fill('#sample-name', '山田 太郎');
      await page.fill('#sample-kana', 'ヤマダ');
      await page.fill('#sample-birth', 'S39.1.2');
      await page.check('input[name=kind][value=birth]');
      const form = await page.evaluate(() => {
        const data = new URLSearchParams(new FormData(document.querySelector('form.card')));
        data.set('go', 'save');
        return data.toString();
      });
      const send = () => page.request.post(url + '/style', { data: form, maxRedirects: 0,
        headers: { 'content-type': 'application/x-www-form-urlencoded' } });
      assert.equal((await send()).status(), 303);
      assert.equal((await send()).status(), 409);
    } },
  { name: 'rare characters of names come with a font of their own', role: 'clerk',
    async run({ page, url }) {
      await page.goto(url + '/style');
      await page.evaluate(() => document.fonts.ready);
      const loaded = await page.evaluate(() => [...document.fonts]
        .filter((f) => f.family === 'HokenkaNames').map((f) => [f.status, f.unicodeRange]));
      assert.equal(loaded.length, 1);
      assert.equal(loaded[0][0], 'loaded');
      assert.match(loaded[0][1], /U\+20BB7/i);
      const font = await page.request.get(url + '/font/9089-e0104_20bb7/ttf');
      assert.equal(font.status(), 200);
      assert.ok((await font.body()).length < 20000, 'cut down to what is shown');
      for (const bad of ['x/ttf', '20bb7/exe', '20bb7-41/ttf', '/ttf']) {
        assert.equal((await page.request.get(`${url}/font/${bad}`)).status(), 404);
      }
    } },
  { name: 'an address that is none says so in words', role: 'clerk', allow: [404],
    async run({ page, url, axe, shot }) {
      await page.goto(url + '/nothing-here');
      assert.match(await page.textContent('h1'), /ありません/);
      await axe(page);
      await shot(page, 'not-found');
    } },
];
