/** Two applies at once on state in S3: the lock is a conditional write, which moto's S3 answers as AWS's does. */
import { execFile, spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { made, refusedByLock, SLOW } from './interruption';
import { startStandIn } from './stand-in';
import type { Tally } from './tally';
import { complaint, start, terraform } from './terraform';
import { CACHE, Workspace } from './workspace';

const run = promisify(execFile);
const MOTO = '5.2.5';
const BUCKET = 'cimiento-state';

export async function rehearseS3Lock(tally: Tally): Promise<void> {
  tally.doing('two at once on S3: starting it');
  // First what may refuse: a server that has been started keeps this process.
  const workspace = new Workspace('two-on-s3');
  const s3 = await startS3();
  try {
    await workspace.synthesize([['state: local', `state: { s3: ${BUCKET} }`]]);
    const folder = workspace.path('cdktf.out/stacks/network');
    pointAt(folder, s3.url);
    await fetch(`${s3.url}/${BUCKET}`, { method: 'PUT' });
    const standIn = await startStandIn(workspace, undefined, { seconds: SLOW });
    try {
      const init = await terraform(folder, ['init'], standIn.environment);
      tally.record('two at once on S3: init', init.code === 0, complaint(init.output));
      const first = start(folder, ['apply', '-auto-approve'], standIn.environment);
      await made(workspace, 1);
      tally.doing('two at once on S3: the second, while the first is at it');
      const second = await terraform(folder, ['apply', '-auto-approve'], standIn.environment);
      tally.record('two at once on S3: the second is refused', refusedByLock(second), complaint(second.output));
      const { code, output } = await first.done;
      tally.record('two at once on S3: the first finishes', code === 0, complaint(output));
      const again = await terraform(folder, ['plan', '-detailed-exitcode'], standIn.environment);
      tally.record('two at once on S3: the state in S3 knows all', again.code === 0, complaint(again.output));
      tally.print(`two at once on S3: "${complaint(second.output).slice(0, 150)}…"`);
    } finally {
      await standIn.stop();
    }
  } finally {
    s3.stop();
  }
}

/** The synthesized backend, with the address of the stand-in laid over it. */
function pointAt(folder: string, url: string): void {
  const json = JSON.parse(readFileSync(join(folder, 'cdk.tf.json'), 'utf8')) as {
    readonly terraform: { readonly backend: { readonly s3: object } };
  };
  const s3 = {
    ...json.terraform.backend.s3,
    endpoints: { s3: url },
    use_path_style: true,
    skip_credentials_validation: true,
    skip_metadata_api_check: true,
    skip_requesting_account_id: true,
    access_key: 'rehearsal',
    secret_key: 'rehearsal',
  };
  writeFileSync(join(folder, 'rehearse_override.tf.json'), JSON.stringify({ terraform: { backend: { s3 } } }, null, 2));
}

async function startS3(): Promise<{ readonly url: string; stop(): void }> {
  const venv = join(CACHE, `rehearsal-moto-${MOTO}`);
  if (!existsSync(join(venv, 'bin/moto_server'))) {
    await run('python3', ['-m', 'venv', '--clear', venv]);
    await run(join(venv, 'bin/pip'), ['install', '--quiet', '--disable-pip-version-check', `moto[server]==${MOTO}`]);
  }
  const port = await freePort();
  const child = spawn(join(venv, 'bin/moto_server'), ['--host', '127.0.0.1', '--port', String(port)], { stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}`;
  for (let waited = 0; !(await answers(url)); waited++) {
    if (child.exitCode !== null || waited > 600) throw new Error(`moto does not answer on ${url}`);
    await sleep(100);
  }
  return { url, stop: () => void child.kill() };
}

const answers = (url: string): Promise<boolean> =>
  fetch(url).then(
    () => true,
    () => false,
  );

function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
