/** What a team does with GitOps in a week: bootstrap, a good push, bad ones, a revert, a hand in the cluster. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { forward, podBehind } from '../../cli/gitops/port-forward';
import { Cluster } from '../../modules/argocd';
import type { Tally } from '../rehearsal/tally';
import { address, commitOf, type Ended, gitops, kubectl, must, pods, PROJECT, run, statusOf, until } from './cluster';
import { load, type Loaded } from './load';
import type { Repository } from './repository';

const IMAGE = 'docker.io/you/hello-api';
export const DEPLOYMENT = 'apps/hello-api/deploy/base/deployment.yaml';
/** Longest waits, s: generous, since they only end what hangs. */
export const SETTLE = 300;

/** What takes longer has met something, and says on its way what: the next run may not meet it again, s. */
const SLOW = 90;

export interface Stage {
  readonly tally: Tally;
  readonly repository: Repository;
  /** Prints how long something took. */
  readonly took: (what: string, seconds: number) => void;
}

/** Until everything is well, or SETTLE. */
export async function settled(tally: Tally, ...options: string[]): Promise<Ended> {
  const wait = await gitops('wait', ...options, '--timeout', String(SETTLE));
  if (wait.seconds > SLOW) tally.print(wait.stderr.trimEnd());
  return wait;
}

/** A name that is mistyped. */
export async function unreachable({ tally, took }: Stage): Promise<void> {
  const { stdout } = await run(join(PROJECT, 'bin/cimiento'), ['bridge', '--target', 'lab', '--json']);
  const folder = mkdtempSync(join(tmpdir(), 'cimiento-values-'));
  const values = join(folder, 'values.json');
  writeFileSync(values, stdout.replaceAll('you/cimiento', 'you/cimento'));
  const made = await gitops('bootstrap', '--values', values, '--json');
  rmSync(folder, { recursive: true });
  tally.record('bootstrap from nothing', outcomes(made).includes('made'), made.stderr);
  took('bootstrap from nothing', made.seconds);
  const [status, seconds] = await until('status names the repository', SETTLE, async () => {
    const found = await statusOf('root');
    return found?.blockedBy?.includes('ComparisonError') === true ? found : undefined;
  });
  took('a repository that is not there, until it is named', seconds);
  tally.record('a repository that is not there is named', status.blockedBy!.includes('repository'), status.blockedBy);
  tally.print(`   ${status.blockedBy}`);
}

export async function bootstrap({ tally, took }: Stage): Promise<void> {
  const first = await gitops('bootstrap', '--json');
  tally.record('bootstrap corrects the repository', outcomes(first).includes('changed'), first.stderr);
  const password = await secret();

  const second = await gitops('bootstrap');
  const said = second.stdout.trim().split('\n').at(-1);
  tally.record('bootstrap again changes nothing, and says so', said === 'no change: everything was there', second.stdout + second.stderr);
  tally.record("Grafana's password stays", password.length >= 32 && password === (await secret()));

  const wait = await settled(tally);
  tally.record('everything is Synced and Healthy', wait.code === 0, wait.stderr);
  tally.print(wait.stdout.trim());
  took('to Synced and Healthy', wait.seconds);
  const third = await gitops('bootstrap', '--json');
  tally.record('nor does it once Argo CD runs', outcomes(third).every((one) => one === 'unchanged'), third.stdout);
  const ready = (await pods()).filter((one) => one.ready);
  tally.record('three pods serve', ready.length === 3, `${ready.length}`);
  const answer = await forwarded();
  tally.record('a forwarded port leads to a pod', answer.includes('"version"'), answer);
}

/** The way that `gitops open` shows Grafana and reads Prometheus, to a pod that the lab has. */
async function forwarded(): Promise<string> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  config.loadFromDefault();
  const service = { namespace: 'hello-api', name: 'hello-api', port: 8080 };
  const pod = await podBehind(await Cluster.connect(config), service);
  const server = await forward(config, { ...service, name: pod! }, 0);
  const { port } = server.address() as AddressInfo;
  const answer = await fetch(`http://127.0.0.1:${port}/version`, { headers: { connection: 'close' } });
  server.close();
  return answer.text();
}

/** What became of each step of a bootstrap. */
function outcomes({ code, stdout }: Ended): string[] {
  return code === 0 ? (JSON.parse(stdout) as { steps: { outcome: string }[] }).steps.map(({ outcome }) => outcome) : [];
}

const secret = (): Promise<string> =>
  kubectl('get', 'secret', 'grafana-admin', '-n', 'monitoring', '-o', 'jsonpath={.data.admin-password}');

/** The commit that publish.yml makes when it has built an image, under load. */
export async function push({ tally, repository, took }: Stage): Promise<void> {
  const published = await digestOf('1.0.1');
  const stop = await load();
  await sleep(2000);
  await repository.publish(`${IMAGE}@${published}`);
  const began = Date.now();
  const commit = await repository.push('hello-api 1.0.1, by digest');
  const since = () => (Date.now() - began) / 1000;
  took('git push, with its webhook', since());
  await until('hello-api is told of the commit', SETTLE, async () => ((await commitOf('hello-api')) === commit ? true : undefined));
  took('push to the commit at hello-api', since());
  const fresh = async () => (await pods()).filter(({ image }) => image === `${IMAGE}@${published}`);
  await until('a new pod', SETTLE, async () => ((await fresh()).length > 0 ? true : undefined));
  took('push to the first new pod', since());
  await until('a new pod is ready', SETTLE, async () => ((await fresh()).some((one) => one.ready) ? true : undefined));
  took('push to ready', since());
  const wait = await settled(tally, '--revision', commit);
  took('push to all three, Synced and Healthy', since());
  tally.record('a push rolls out', wait.code === 0, wait.stderr);
  tally.record('every pod is new', (await pods()).filter((one) => !one.going).every(({ image }) => image === `${IMAGE}@${published}`));
  const { revision } = JSON.parse(await must('curl', ['-fsS', `http://${await address()}/version`])) as { revision: string };
  tally.record('the service says that it is the new one', revision === 'second', revision);
  lossless(tally, 'a rollout loses no request', await stop());
}

/** Two pushes that nobody wants: each is held, named, and taken back; what ran keeps running. */
export async function badPushes({ tally, repository, took }: Stage): Promise<void> {
  const stop = await load();

  // A pod of the rollout before may still be on its way out.
  const before = (await pods()).find((one) => !one.going)!.image;
  await repository.publish(`${IMAGE}@sha256:${'0'.repeat(64)}`);
  const missing = await repository.push('an image that nobody built');
  const [status] = await until('status names the image', SETTLE, async () => {
    const found = await statusOf('hello-api');
    return /ErrImagePull|ImagePullBackOff/.test(found?.blockedBy ?? '') ? found : undefined;
  });
  const names = /^Deployment hello-api\/hello-api: pod hello-api-\S+: app: /.test(status.blockedBy ?? '');
  tally.record('status names the image that is not there', names && status.revision === missing, status.blockedBy);
  tally.print(`   ${status.blockedBy}`);
  const wait = await gitops('wait', '--timeout', '3');
  const told = wait.code === 1 && wait.stderr.includes('hello-api: Deployment hello-api/hello-api');
  tally.record('wait gives up in time, with the first that blocks', told, wait.stderr);
  const serving = (await pods()).filter(({ image, ready }) => ready && image === before);
  tally.record('three old pods serve on', serving.length === 3, `${serving.length}`);
  await healed('a missing image', await repository.revert());

  // Longer than progressDeadlineSeconds: a rule that only the API server knows.
  repository.edit(DEPLOYMENT, 'minReadySeconds: 5', 'minReadySeconds: 400');
  await repository.push('a manifest that the API server refuses');
  const [refused] = await until('status names the manifest', SETTLE, async () => {
    const found = await statusOf('hello-api');
    return /minReadySeconds/.test(found?.blockedBy ?? '') ? found : undefined;
  });
  tally.record('status names the manifest that is refused', refused.blockedBy?.startsWith('Deployment hello-api/hello-api: ') === true, refused.blockedBy);
  tally.print(`   ${refused.blockedBy?.slice(0, 160)}`);
  const mended = await repository.revert();
  // Its retries hold on to the refused commit; a person need not wait for their end.
  await until('hello-api is told of the revert', SETTLE, async () => ((await commitOf('hello-api')) === mended ? true : undefined));
  const sync = await gitops('sync');
  tally.record('sync ends the retries of an older commit', sync.stdout.includes('hello-api ends its sync'), sync.stdout + sync.stderr);
  await healed('a refused manifest', mended);
  lossless(tally, 'two bad pushes lose no request', await stop());

  async function healed(what: string, commit: string): Promise<void> {
    const again = await settled(tally, '--revision', commit);
    took(`revert of ${what}`, again.seconds);
    tally.record(`a revert heals ${what}`, again.code === 0, again.stderr);
  }
}

/** Hands in the cluster. */
export async function selfHeal({ tally, took }: Stage): Promise<void> {
  const before = (await pods()).find((one) => !one.going)!.image;
  await kubectl('set', 'image', '-n', 'hello-api', 'deployment/hello-api', 'app=docker.io/you/hello-api:1.0.0');
  await kubectl('delete', '-n', 'hello-api', 'poddisruptionbudget/hello-api');
  const [, seconds] = await until('git wins', SETTLE, async () => {
    const image = await kubectl('get', 'deployment', 'hello-api', '-n', 'hello-api', '-o', 'jsonpath={.spec.template.spec.containers[0].image}');
    await kubectl('get', '-n', 'hello-api', 'poddisruptionbudget/hello-api');
    return image === before ? true : undefined;
  });
  took('self-heal of an edit and a deletion', seconds);
  const wait = await settled(tally);
  tally.record('what hands changed is as git has it', wait.code === 0, wait.stderr);
}

/** Of an image in the lab's registry. */
async function digestOf(tag: string): Promise<string> {
  const accept = 'Accept: application/vnd.docker.distribution.manifest.v2+json';
  const url = `http://${process.env['LAB_REGISTRY']}/v2/you/hello-api/manifests/${tag}`;
  const head = await must('curl', ['-fsSI', '-H', accept, url]);
  return /docker-content-digest: (\S+)/i.exec(head)![1]!;
}

function lossless(tally: Tally, name: string, { requests, failed, kinds }: Loaded): void {
  tally.record(name, failed === 0 && requests > 100, `${failed} of ${requests}: ${JSON.stringify(kinds)}`);
  tally.print(`   ${requests} requests, ${failed} failed`);
}
