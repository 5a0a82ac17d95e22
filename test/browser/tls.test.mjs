/* The same city over TLS by the server itself: cookies only TLS may set, and strict transport. */
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { signIn } from './harness.mjs';

async function serveTls(city) {
  const [key, cert, port] = ['key.pem', 'cert.pem', 'tls-port'].map((f) => join(city.folder, f));
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj',
    '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', cert],
  { stdio: 'ignore' });
  const server = spawn(city.program, ['serve', '--city', city.path, '--port', '0', '--port-file', port,
    '--workers', '2', '--tls-cert', cert, '--tls-key', key], { stdio: 'ignore' });
  for (let i = 0; i < 200 && !existsSync(port); i++) {
    await new Promise((done) => setTimeout(done, 50));
  }
  return { server, url: `https://localhost:${readFileSync(port, 'utf8').trim()}` };
}

export default [
  { name: 'over TLS cookies are bound to the host and to TLS, and old TLS is refused [E5 SEC-041]', role: 'none',
    async run({ city, context }) {
      if (spawnSync('openssl', ['version']).status !== 0) {
        console.log('SKIP tls: no openssl to make a certificate with');
        return;
      }
      const { server, url } = await serveTls(city);
      try {
        const own = await context.browser().newContext({ ignoreHTTPSErrors: true });
        const page = await own.newPage();
        await signIn(page, url, 'auditor');
        const session = (await own.cookies()).find((c) => c.name === '__Host-hokenka');
        assert.ok(session, 'the session cookie carries the __Host- prefix');
        assert.deepEqual([session.secure, session.httpOnly, session.sameSite], [true, true, 'Strict']);
        const reply = await page.request.get(url + '/');
        assert.match(reply.headers()['strict-transport-security'], /max-age=\d+/);
        await own.close();
        const host = url.slice('https://'.length);
        const old = spawnSync('openssl', ['s_client', '-connect', host, '-tls1_1'], { input: '' });
        assert.notEqual(old.status, 0);
      } finally {
        server.kill('SIGTERM');
        await new Promise((done) => server.on('exit', done));
      }
    } },
];
