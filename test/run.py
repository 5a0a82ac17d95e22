#!/usr/bin/env python3
"""Runs every test of the tree and says what passed.

unit      test/unit/tests.list: cmocka programs that speak TAP
cli       test/cli/*.t: commands with their output and exit status
oracle    random households against the premium written once more in SQL
browser   test/browser/*.mjs: a real Chromium
adding    the listings of doc/adding.md, built and looked at
lint      the style program
generators  what mkmessage and mkpage refuse
fuzz      every target of test/fuzz/targets.list for a few seconds
sanitize  the unit tests once more under ASan and UBSan (PostgreSQL only for the store's)

Every result goes to BUILD/test-results.tsv (status, suite, name) where the coverage of
requirements is read from. The last line is "N passed, N failed".
"""
import argparse
import concurrent.futures
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TAP = re.compile(r'^(not )?ok\s+\d+\s*-?\s*(.*)$')


class Results:
    def __init__(self):
        self.rows = []

    def add(self, status, suite, name, detail=''):
        self.rows.append((status, suite, name))
        if status == 'failed':
            print(f'not ok {suite}: {name}')
            if detail:
                print('\n'.join('    ' + line for line in detail.splitlines()[-40:]))
        elif status == 'skipped' and not suite.startswith('sanitize/'):
            print(f'skip {suite}: {name}')
        sys.stdout.flush()

    def count(self, status):
        return sum(1 for r in self.rows if r[0] == status)


def run(command, timeout, env=None, stdin=None, cwd=ROOT):
    """A command in its own process group; everything it started goes with it."""
    p = subprocess.Popen(command, cwd=cwd, env=env, stdin=subprocess.PIPE if stdin is not None
                         else subprocess.DEVNULL, stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE, start_new_session=True)
    try:
        out, err = p.communicate(stdin, timeout=timeout)
        code = p.returncode
    except subprocess.TimeoutExpired:
        os.killpg(p.pid, signal.SIGKILL)
        out, err = p.communicate()
        code = -999
    return code, out.decode('utf8', 'replace'), err.decode('utf8', 'replace')


def tap(results, suite, program, code, out, err):
    """Reads TAP; a program that dies or prints no test is a failure of its own."""
    seen = 0
    for line in out.splitlines():
        m = TAP.match(line)
        if line.startswith('SKIP '):
            results.add('skipped', suite, line[5:])
        elif m:
            seen += 1
            name = m.group(2)
            if '# SKIP' in name.upper():
                results.add('skipped', suite, name)
            else:
                results.add('failed' if m.group(1) else 'passed', suite, name,
                            out[-4000:] + err[-4000:] if m.group(1) else '')
    if code != 0 and not any(r[0] == 'failed' and r[1] == suite for r in results.rows):
        why = 'timed out' if code == -999 else f'exit {code}'
        results.add('failed', suite, f'{program}: {why}', out[-3000:] + err[-3000:])
    elif seen == 0:
        results.add('failed', suite, f'{program}: no test ran', out[-2000:] + err[-2000:])


def unit_names():
    for line in open(os.path.join(ROOT, 'test/unit/tests.list')):
        words = line.split()
        if len(words) >= 2 and not line.startswith('#'):
            yield words[0]


# Tests that measure how long others must wait: nothing else may run beside them.
ALONE = {'test_store_turnstile'}


def unit_one(build, env, name):
    env = env(name) if callable(env) else env
    program = os.path.join(ROOT, build, 'test/unit', name)
    if not os.path.exists(program):
        return name, 0.0, -1, '', 'not built'
    began = time.time()
    code, out, err = run([program], 900, env)
    return name, time.time() - began, code, out, err


def unit(results, build, env, suite='unit'):
    names = list(unit_names())
    if suite == 'sanitize':
        # A second time over: PostgreSQL's own code is looked at by the tests of the store, which run
        # on both engines; the desks say the same on either and are run on SQLite.
        plain = env
        env = lambda name: plain if name.startswith('test_store') else dict(plain, HOKENKA_TEST_ENGINE='sqlite')
    together = [n for n in names if n not in ALONE]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 2) as pool:
        done = list(pool.map(lambda n: unit_one(build, env, n), together))
    done += [unit_one(build, env, n) for n in names if n in ALONE]
    for name, took, code, out, err in done:
        tap(results, f'{suite}/{name}', name, code, out, err)
        print(f'{suite}/{name}: {took:.1f} s')


def cases_of(path):
    """A .t file: # name [IDS] / $ command / < stdin / > stdout line / ~ regex / ! stderr part / ? exit"""
    case = None
    for number, line in enumerate(open(path, encoding='utf8'), 1):
        line = line.rstrip('\n')
        if line.startswith('# '):
            if case:
                yield case
            case = {'name': line[2:], 'line': number, 'cmd': [], 'in': [], 'out': [], 'err': [],
                    'exit': 0}
        elif not line or line.startswith('##'):
            continue
        elif line.startswith('$ '):
            case['cmd'].append(line[2:])
        elif line.startswith('< '):
            case['in'].append(line[2:])
        elif line[:2] in ('> ', '~ ') or line == '>':
            case['out'].append((line[0], line[2:]))
        elif line.startswith('! '):
            case['err'].append(line[2:])
        elif line.startswith('? '):
            case['exit'] = int(line[2:])
        else:
            raise SystemExit(f'{path}:{number}: not a line of a .t file')
    if case:
        yield case


def matches(expected, lines):
    """Literal blocks must be the whole output in order; patterns may stand anywhere after."""
    at = 0
    for kind, text in expected:
        if kind == '>':
            if at >= len(lines) or lines[at] != text:
                return f'expected line {at + 1}: {text!r}, got {lines[at] if at < len(lines) else None!r}'
            at += 1
        else:
            while at < len(lines) and not re.search(text, lines[at]):
                at += 1
            if at >= len(lines):
                return f'no line matches {text!r}'
            at += 1
    return ''


def cli(results, build, env):
    folder = os.path.join(ROOT, 'test/cli')
    for name in sorted(os.listdir(folder)):
        if not name.endswith('.t'):
            continue
        with tempfile.TemporaryDirectory(dir=env.get('TMPDIR')) as work:
            own = dict(env, WORK=work, HOKENKA_CITY=os.path.join(work, 'city'))
            own['PATH'] = os.path.join(ROOT, build) + ':' + own['PATH']
            for case in cases_of(os.path.join(folder, name)):
                stdin = ('\n'.join(case['in']) + '\n').encode() if case['in'] else None
                code, out, err = run(['sh', '-c', '\n'.join(case['cmd'])], 300, own, stdin)
                why = matches(case['out'], out.splitlines())
                if not why and code != case['exit']:
                    why = f'exit {code}, expected {case["exit"]}'
                for part in case['err']:
                    if not why and part not in err:
                        why = f'standard error lacks {part!r}'
                results.add('failed' if why else 'passed', f'cli/{name}', case['name'],
                            f'line {case["line"]}: {why}\n{out}\n{err}' if why else '')


def generators(results, build, env):
    """What the build-time programs refuse, by line and column."""
    for script, program in (('test/unit/test_base_mkmessage.sh', 'tools/mkmessage'),
                            ('test/page/mkpage.sh', 'tools/mkpage/mkpage')):
        code, out, err = run(['sh', script, os.path.join(ROOT, build, program)], 300, env)
        tap(results, 'generators', script, code, out, err)


def lint(results, build, env):
    code, out, err = run([os.path.join(ROOT, build, 'tools/lint')], 120, env)
    results.add('passed' if code == 0 else 'failed', 'lint', 'the tree keeps its own rules',
                out + err)
    print(out.splitlines()[-1] if out else '')


def fuzz(results, build, env, seconds):
    code, out, err = run(['sh', 'test/fuzz/run', str(seconds)], 900, env)
    tap(results, 'fuzz', 'test/fuzz/run', code, out, err)


def oracle(results, build, env):
    code, out, err = run([sys.executable, 'test/oracle/m1.py', '--hokenka',
                          os.path.join(ROOT, build, 'hokenka')], 600, env)
    tap(results, 'oracle', 'test/oracle/m1.py', code, out, err)
    code, out, err = run([sys.executable, 'test/oracle/city.py', os.path.join(ROOT, build, 'hokenka'), '--people', '12000'], 600, env)
    tap(results, 'oracle', 'test/oracle/city.py', code, out, err)


def adding(results, build, env):
    code, out, err = run([sys.executable, 'test/adding/run'], 900, env)
    tap(results, 'adding', 'test/adding/run', code, out, err)


def browser(results, build, env):
    code, out, err = run(['sh', 'test/browser/run', build], 900, env)
    tap(results, 'browser', 'test/browser/run', code, out, err)


def sanitize(results, build, env):
    other = build + '-asan'
    if not os.path.exists(os.path.join(ROOT, other, 'build.ninja')):
        # Under sanitizers gcc warns of what it does not without; the plain build is -Werror.
        run(['meson', 'setup', other, '-Db_sanitize=address,undefined', '-Db_lundef=false',
             '-Dwerror=false'], 120, env)
    code, out, err = run(['ninja', '-C', other], 1200, dict(env, ASAN_OPTIONS='detect_leaks=0'))
    if code != 0:
        results.add('failed', 'sanitize', 'builds with ASan and UBSan', out + err)
        return
    own = dict(env, ASAN_OPTIONS='detect_leaks=1', UBSAN_OPTIONS='halt_on_error=1:print_stacktrace=1',
               HOKENKA_TEST_SMALL='1')
    before = len(results.rows)
    unit(results, other, own, 'sanitize')
    # The same names again: they count as one test that says whether everything was clean.
    rows = results.rows[before:]
    bad = [r for r in rows if r[0] == 'failed']
    ran = sum(1 for r in rows if r[0] != 'skipped')
    del results.rows[before:]
    results.add('failed' if bad else 'passed', 'sanitize',
                f'unit tests are clean under ASan and UBSan [F7] ({ran} tests; desks on SQLite)',
                '\n'.join(r[1] + ': ' + r[2] for r in bad))


def fast_folder(env):
    """Databases of tests are made and thrown away by the hundred: in memory where there is room."""
    memory = '/dev/shm'
    if 'TMPDIR' in env or not os.access(memory, os.W_OK | os.X_OK):
        return None
    room = os.statvfs(memory)
    if room.f_bavail * room.f_frsize < 4 << 30:
        return None
    folder = tempfile.mkdtemp(prefix='hokenka-test.', dir=memory)
    os.chmod(folder, 0o711)
    env['TMPDIR'] = folder
    return folder


def cluster_start(env):
    """The private PostgreSQL cluster of this run, shared by all test programs."""
    code, out, err = run(['sh', 'test/pg.sh', 'start'], 120, env)
    if code == 0 and out.strip():
        env['HOKENKA_TEST_PG'] = out.strip().splitlines()[-1]
    else:
        print('PostgreSQL does not start; the test programs will say so\n' + out + err)


def cluster_stop(env):
    if 'HOKENKA_TEST_PG' in env:
        run(['sh', 'test/pg.sh', 'stop', env['HOKENKA_TEST_PG']], 60, env)


def write_results(path, rows, ran):
    """A run of some suites leaves the rows of the others as their last run left them."""
    kept = []
    if os.path.exists(path):
        for line in open(path, encoding='utf8'):
            suite = line.rstrip('\n').split('\t')[1]
            if suite.split('/')[0] not in ran:
                kept.append(line)
    with open(path, 'w', encoding='utf8') as f:
        f.writelines(kept)
        for row in rows:
            f.write('\t'.join(row) + '\n')


def main():
    p = argparse.ArgumentParser()
    p.add_argument('--build', default='build')
    p.add_argument('--only', default='', help='lint,generators,unit,cli,oracle,browser,adding,fuzz,sanitize')
    p.add_argument('--fuzz-seconds', type=int, default=5)
    a = p.parse_args()
    quick = os.environ.get('HOKENKA_CHECK') == 'quick'
    wanted = [w for w in a.only.split(',') if w] or ['lint', 'generators', 'unit', 'cli', 'oracle', 'browser', 'adding', 'fuzz', 'sanitize']
    results = Results()
    began = time.time()
    env = dict(os.environ, HOKENKA_ROOT=ROOT, TZ='UTC')
    memory = fast_folder(env)
    cluster_start(env)
    steps = {'lint': lambda: lint(results, a.build, env),
             'generators': lambda: generators(results, a.build, env), 'unit': lambda: unit(results, a.build, env),
             'cli': lambda: cli(results, a.build, env),
             'oracle': lambda: oracle(results, a.build, env),
             'adding': lambda: adding(results, a.build, env),
             'browser': lambda: browser(results, a.build, env),
             'fuzz': lambda: fuzz(results, a.build, env, a.fuzz_seconds),
             'sanitize': lambda: sanitize(results, a.build, env)}
    try:
        for step in wanted:
            if quick and step in ('browser', 'adding', 'fuzz', 'sanitize'):
                results.add('skipped', step, 'left out: HOKENKA_CHECK=quick')
                continue
            steps[step]()
    finally:
        cluster_stop(env)
        if memory:
            shutil.rmtree(memory, ignore_errors=True)
    write_results(os.path.join(ROOT, a.build, 'test-results.tsv'), results.rows, wanted)
    print(f'{time.time() - began:.0f} s')
    tail = f', {results.count("skipped")} skipped' if results.count('skipped') else ''
    print(f'{results.count("passed")} passed, {results.count("failed")} failed{tail}')
    return 1 if results.count('failed') else 0


if __name__ == '__main__':
    sys.exit(main())
