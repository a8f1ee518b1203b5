/** What the command says when its reader leaves early, as `head` does: the process itself, since a pipe is what breaks. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const CIMIENTO = join(__dirname, '../../bin/cimiento');

test.each(['list', 'list --json'])(
  '`cimiento alerts %s | head -1` ends without a word and without a failure',
  (command) => {
    const script = `{ ${process.execPath} ${CIMIENTO} alerts ${command}; echo "exit code $?" >&2; } | head -1`;
    const { stdout, stderr } = spawnSync('sh', ['-c', script], { encoding: 'utf8' });
    expect([stdout.split('\n').length, stderr]).toEqual([2, 'exit code 0\n']);
  },
);
