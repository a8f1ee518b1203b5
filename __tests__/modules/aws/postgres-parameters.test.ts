import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { POSTGRES_PARAMETERS } from '../../../modules/aws/postgres-parameters';

/** Debian's server, older than RDS's: enough to judge names, values and what needs a restart. */
const POSTGRES = ['17', '16', '15'].map((version) => `/usr/lib/postgresql/${version}/bin/postgres`).find(existsSync);
if (POSTGRES === undefined) console.warn('not checked: no PostgreSQL server is installed here');

const own = POSTGRES_PARAMETERS.filter(({ rdsOnly }) => !rdsOnly);

/** `postgres --describe-config`: name, context (when a change takes effect), … by tabs. */
const contexts = (): Map<string, string> => {
  const { stdout } = spawnSync(POSTGRES!, ['--describe-config'], { encoding: 'utf8' });
  return new Map(
    stdout
      .split('\n')
      .map((line) => line.split('\t'))
      .map(([name, context]) => [name!, context!]),
  );
};

(POSTGRES === undefined ? describe.skip : describe)("PostgreSQL's settings", () => {
  const known = contexts();

  it.each(own)('$name exists, and needs no restart', ({ name }) => {
    expect(known.get(name)).toBeDefined();
    expect(known.get(name) === 'POSTMASTER').toBe(false);
  });

  it.each(own)('$name = $value is a value it takes', ({ name, value }) => {
    // Settings are judged first; only then does it miss its data directory. Root may not run the server, hence runuser.
    const asRoot = process.getuid?.() === 0;
    const args = ['-D', '/nonexistent', '-c', `${name}=${value}`, '-C', name];
    const { stderr } = asRoot
      ? spawnSync('runuser', ['-u', 'nobody', '--', POSTGRES!, ...args], { encoding: 'utf8' })
      : spawnSync(POSTGRES!, args, { encoding: 'utf8' });
    expect(stderr).toContain('could not access directory "/nonexistent"');
  });
});
