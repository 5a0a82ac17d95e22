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

All of it is cut into tasks that run side by side, one for each processor, the longest first: no
processor waits for a group to end. How long each took last time stands in BUILD/test-times.tsv.

Every result goes to BUILD/test-results.tsv (status, suite, name) where the coverage of
requirements is read from. The last line is "N passed, N failed".
"""
import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
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


SPENT = threading.local()  # processor seconds of the task that runs in this thread


def run(command, timeout, env=None, stdin=None, cwd=ROOT):
    """A command in its own process group; everything it started goes with it."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err, tempfile.TemporaryFile() as given:
        given.write(stdin or b'')
        given.seek(0)
        p = subprocess.Popen(command, cwd=cwd, env=env, stdin=given, stdout=out, stderr=err, start_new_session=True)
        late = threading.Event()

        def stop():
            late.set()
            os.killpg(p.pid, signal.SIGKILL)
        timer = threading.Timer(timeout, stop)
        timer.start()
        _, status, usage = os.wait4(p.pid, 0)
        timer.cancel()
        p.returncode = code = -999 if late.is_set() else os.waitstatus_to_exitcode(status)
        SPENT.seconds = getattr(SPENT, 'seconds', 0.0) + usage.ru_utime + usage.ru_stime
        out.seek(0)
        err.seek(0)
        return code, out.read().decode('utf8', 'replace'), err.read().decode('utf8', 'replace')


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


def unit_one(results, build, env, suite, name):
    program = os.path.join(ROOT, build, 'test/unit', name)
    if not os.path.exists(program):
        code, out, err = -1, '', 'not built'
    else:
        code, out, err = run([program], 900, env)
    tap(results, f'{suite}/{name}', name, code, out, err)


def unit(build, env):
    return [Task('unit', name, lambda r, name=name: unit_one(r, build, env, 'unit', name), alone=name in ALONE)
            for name in unit_names()]


class Task:
    """A piece of a group: runs when a processor is free and what it comes after has passed."""

    def __init__(self, group, name, work, seconds=10.0, after=None, alone=False):
        self.group, self.name, self.work, self.seconds = group, name, work, seconds
        self.after, self.alone = after, alone
        self.began = self.ended = self.spent = 0.0
        self.state = 'waits'
        self.results = Results()


class Schedule:
    """Tasks side by side; one that stands alone has the machine to itself."""

    def __init__(self, tasks, slots):
        self.tasks, self.slots, self.free = tasks, slots, slots
        self.change = threading.Condition()

    def next(self):
        """The longest that may begin now. Those that want to be alone come when nothing else runs."""
        waiting = [t for t in self.tasks if t.state == 'waits']
        ready = [t for t in waiting if not t.after or t.after.state == 'ended']
        for t in sorted(ready, key=lambda t: -t.seconds):
            if self.free == self.slots if t.alone else self.free > 0:
                return t
        return None

    def one(self, t):
        SPENT.seconds = 0.0
        try:
            t.work(t.results)
        except Exception as e:  # a fault of this program is a failure like any other
            t.results.add('failed', t.group, t.name, repr(e))
        with self.change:
            t.ended, t.spent, t.state = time.time(), SPENT.seconds, 'ended'
            self.free += self.slots if t.alone else 1
            print(f'{t.group}/{t.name}: {t.ended - t.began:.1f} s, processor {t.spent:.1f} s', flush=True)
            self.change.notify_all()

    def run(self):
        with self.change:
            while any(t.state == 'waits' for t in self.tasks):
                t = self.next()
                if t and t.after and any(r[0] == 'failed' for r in t.after.results.rows):
                    t.state = 'ended'  # what it needs is not there, and that has been said
                elif t:
                    t.state, t.began = 'runs', time.time()
                    self.free -= self.slots if t.alone else 1
                    threading.Thread(target=self.one, args=(t,)).start()
                else:
                    self.change.wait()
            while any(t.state == 'runs' for t in self.tasks):
                self.change.wait()


def times_path(build):
    return os.path.join(ROOT, build, 'test-times.tsv')


def times_read(build, tasks):
    known = {}
    if os.path.exists(times_path(build)):
        for line in open(times_path(build), encoding='utf8'):
            name, seconds = line.rstrip('\n').split('\t')
            known[name] = float(seconds)
    for t in tasks:
        t.seconds = known.get(f'{t.group}/{t.name}', t.seconds)
        if t.alone:
            t.seconds += 10000  # first, before others have begun
        if t.after is None and t.group == 'sanitize':
            t.seconds += 1000  # others wait for it
    return known


def times_write(build, tasks, known):
    known.update({f'{t.group}/{t.name}': t.ended - t.began for t in tasks if t.ended})
    with open(times_path(build), 'w', encoding='utf8') as f:
        for name, seconds in sorted(known.items()):
            f.write(f'{name}\t{seconds:.1f}\n')


def print_groups(tasks):
    """One line for each group: from when to when, and what it took of the processors."""
    began = min(t.began for t in tasks if t.ended)
    for group in dict.fromkeys(t.group for t in tasks):
        own = [t for t in tasks if t.group == group and t.ended]
        if own:
            longest = max(own, key=lambda t: t.ended - t.began)
            print(f'time {group}: {len(own)} tasks, {sum(t.ended - t.began for t in own):.0f} s, processor {sum(t.spent for t in own):.0f} s, '
                  f'from {min(t.began for t in own) - began:.0f} to {max(t.ended for t in own) - began:.0f} s, '
                  f'longest {longest.name} {longest.ended - longest.began:.0f} s')


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


def cli_one(results, build, env, name):
    with tempfile.TemporaryDirectory(dir=env.get('TMPDIR')) as work:
        own = dict(env, WORK=work, HOKENKA_CITY=os.path.join(work, 'city'))
        own['PATH'] = os.path.join(ROOT, build) + ':' + own['PATH']
        for case in cases_of(os.path.join(ROOT, 'test/cli', name)):
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


def cli(build, env):
    return [Task('cli', name, lambda r, name=name: cli_one(r, build, env, name))
            for name in sorted(os.listdir(os.path.join(ROOT, 'test/cli'))) if name.endswith('.t')]


def generators(build, env):
    """What the build-time programs refuse, by line and column."""
    def one(results, script, program):
        code, out, err = run(['sh', script, os.path.join(ROOT, build, program)], 300, env)
        tap(results, 'generators', script, code, out, err)
    return [Task('generators', script, lambda r, s=script, p=program: one(r, s, p))
            for script, program in (('test/unit/test_base_mkmessage.sh', 'tools/mkmessage'),
                                    ('test/page/mkpage.sh', 'tools/mkpage/mkpage'))]


def lint(build, env):
    def one(results):
        code, out, err = run([os.path.join(ROOT, build, 'tools/lint')], 120, env)
        results.add('passed' if code == 0 else 'failed', 'lint', 'the tree keeps its own rules', out + err)
        print(out.splitlines()[-1] if out else '')
    return [Task('lint', 'lint', one)]


def tap_task(group, name, command, timeout, env, seconds=0.0):
    def one(results):
        code, out, err = run(command, timeout, env)
        tap(results, group, name, code, out, err)
    return Task(group, name, one, seconds)


def fuzz(build, env, seconds):
    return [tap_task('fuzz', 'test/fuzz/run', ['sh', 'test/fuzz/run', str(seconds)], 1800, env, 150)]


def oracle(build, env):
    program = os.path.join(ROOT, build, 'hokenka')
    night = [sys.executable, 'test/bench/night.py', os.path.join(ROOT, build), '--people', '1500', '--former', '5000', '--tap']
    return [tap_task('oracle', 'test/bench/night.py', night, 600, env, 30),
            tap_task('oracle', 'test/oracle/m1.py', [sys.executable, 'test/oracle/m1.py', '--hokenka', program], 600, env, 30),
            tap_task('oracle', 'test/oracle/city.py', [sys.executable, 'test/oracle/city.py', program, '--people', '12000'], 600, env, 30)]


def adding(build, env):
    return [tap_task('adding', 'test/adding/run', [sys.executable, 'test/adding/run'], 1800, env, 150)]


def browser(build, env):
    return [tap_task('browser', 'test/browser/run', ['sh', 'test/browser/run', build], 1800, env, 300)]


def sanitize_build(results, other, env):
    # Under sanitizers gcc warns of what it does not without; the plain build is -Werror. Only what the
    # unit tests need is built, with line numbers and nothing more for the reports.
    if not os.path.exists(os.path.join(ROOT, other, 'build.ninja')):
        code, out, err = run(['meson', 'setup', other, '-Db_sanitize=address,undefined', '-Db_lundef=false', '-Dwerror=false',
                              '-Ddebug=false', '-Doptimization=1', '-Dc_args=-g1 -fno-omit-frame-pointer'], 120, env)
    programs = [f'test/unit/{name}' for name in unit_names()]
    code, out, err = run(['ninja', '-C', other, '-j', env['HOKENKA_JOBS'], *programs], 3000, dict(env, ASAN_OPTIONS='detect_leaks=0'))
    results.add('passed' if code == 0 else 'failed', 'sanitize/build', 'builds with ASan and UBSan', out + err)


def sanitize(build, env):
    """A second time over: PostgreSQL's own code is looked at by the tests of the store, which run on both
    engines; the desks say the same on either and are run on SQLite."""
    other = build + '-asan'
    own = dict(env, ASAN_OPTIONS='detect_leaks=1', UBSAN_OPTIONS='halt_on_error=1:print_stacktrace=1',
               HOKENKA_TEST_SMALL='1')
    made = Task('sanitize', 'build', lambda r: sanitize_build(r, other, env), 300)
    tasks = []
    for name in unit_names():
        its = own if name.startswith('test_store') else dict(own, HOKENKA_TEST_ENGINE='sqlite')
        tasks.append(Task('sanitize', name, lambda r, name=name, its=its: unit_one(r, other, its, 'sanitize', name),
                          alone=name in ALONE, after=made))
    return [made, *tasks]


def sanitize_sum(results):
    """The same names again: they count as one test that says whether everything was clean."""
    rows = [r for r in results.rows if r[1].startswith('sanitize/')]
    if not rows:
        return
    bad = [r for r in rows if r[0] == 'failed']
    ran = sum(1 for r in rows if r[0] != 'skipped') - 1
    results.rows = [r for r in results.rows if not r[1].startswith('sanitize/')]
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


def cluster_spent(env):
    """Processor seconds of the PostgreSQL cluster and all that it has served."""
    try:
        folder = env['HOKENKA_TEST_PG'].split()[0].removeprefix('host=')
        server = open(os.path.join(folder, 'data/postmaster.pid'), encoding='utf8').readline().strip()
        fields = open(f'/proc/{server}/stat', encoding='utf8').read().rsplit(')', 1)[1].split()
        return sum(int(n) for n in fields[11:15]) / os.sysconf('SC_CLK_TCK')
    except (KeyError, OSError):
        return 0.0


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
    slots = os.cpu_count() or 2
    env = dict(os.environ, HOKENKA_ROOT=ROOT, TZ='UTC', HOKENKA_JOBS='1')
    memory = fast_folder(env)
    cluster_start(env)
    steps = {'lint': lint, 'generators': generators, 'unit': unit, 'cli': cli, 'oracle': oracle, 'adding': adding,
             'browser': browser, 'fuzz': lambda b, e: fuzz(b, e, a.fuzz_seconds), 'sanitize': sanitize}
    tasks = []
    for step in wanted:
        if quick and step in ('browser', 'adding', 'fuzz', 'sanitize'):
            results.add('skipped', step, 'left out: HOKENKA_CHECK=quick')
        else:
            tasks += steps[step](a.build, env)
    known = times_read(a.build, tasks)
    try:
        Schedule(tasks, slots).run()
    finally:
        cluster = cluster_spent(env)
        cluster_stop(env)
        if memory:
            shutil.rmtree(memory, ignore_errors=True)
    for t in tasks:
        results.rows += t.results.rows
    sanitize_sum(results)
    times_write(a.build, tasks, known)
    write_results(os.path.join(ROOT, a.build, 'test-results.tsv'), results.rows, wanted)
    print_groups(tasks)
    print(f'time cluster: processor {cluster:.0f} s')
    print(f'{time.time() - began:.0f} s')
    tail = f', {results.count("skipped")} skipped' if results.count('skipped') else ''
    print(f'{results.count("passed")} passed, {results.count("failed")} failed{tail}')
    return 1 if results.count('failed') else 0


if __name__ == '__main__':
    sys.exit(main())
