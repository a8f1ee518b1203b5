/**
 * From Terraform to running pods: the stacks are applied against the stand-in, and what Terraform's core then gave the root release
 * goes through the bridge into `cimiento gitops bootstrap` on a real cluster, whose Argo CD makes pods of it.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { EksBridgeValues } from '../../modules/bridge';
import { commitOf, gitops, LAB, pods, run } from '../gitops/cluster';
import { Repository } from '../gitops/repository';
import { existing, type Existing } from './network/state';
import { startStandIn } from './stand-in';
import type { Tally } from './tally';
import { complaint, terraform } from './terraform';
import { PROJECT, Workspace, type Edit } from './workspace';

/** What only platform.yaml says here, and so can have come by no other way: the branch that holds what is to run. */
const REVISION = 'rehearsed';
const EDITS: readonly Edit[] = [['images: docker.io/you }', `images: docker.io/you, revision: ${REVISION} }`]];

/** Longest wait for pods, s: it only ends what hangs. */
const SETTLE = 300;

export async function rehearsePods(tally: Tally): Promise<void> {
  const workspace = new Workspace('pods');
  const values = await rehearseBridge(tally, workspace);
  if (values !== undefined) await onLab(tally, workspace, values);
}

/** The half of it that needs no cluster: from an apply to values that the bridge takes. */
export async function rehearseBridge(tally: Tally, workspace = new Workspace('bridge')): Promise<EksBridgeValues | undefined> {
  const values = await appliedValues(tally, workspace);
  if (values === undefined) return undefined;
  const file = workspace.path('bridge.json');
  writeFileSync(file, JSON.stringify(values));
  await bridged(tally, file);
  return values;
}

/** What Terraform's core gave the root release; undefined when it came to none. */
async function appliedValues(tally: Tally, workspace: Workspace): Promise<EksBridgeValues | undefined> {
  tally.doing('synthesizing');
  const stacks = await workspace.synthesize(EDITS);
  const standIn = await startStandIn(workspace);
  try {
    for (const { name, folder } of stacks) {
      tally.doing(`applying ${name}`);
      for (const command of [['init'], ['apply', '-auto-approve']]) {
        const { code, output } = await terraform(folder, command, standIn.environment);
        if (!tally.record(`terraform ${command[0]} of ${name}`, code === 0, complaint(output))) return undefined;
      }
    }
    const all = await existing(stacks, standIn.environment);
    const root = all.find(({ name }) => name === 'gitops/helm_release.root');
    const values = JSON.parse((root?.values['values'] as string[])[0]!) as EksBridgeValues;
    const put = await terraform(workspace.path('cdktf.out/stacks/gitops'), ['output', '-json'], standIn.environment);
    const { bridge } = JSON.parse(put.output) as { bridge: { value: unknown } };
    tally.record('the release has the values that the stack puts out', isDeepStrictEqual(values, bridge.value));
    tally.record('nothing in them is an expression any more', !/\$\{|null/.test(JSON.stringify(values)));
    for (const [what, given, made] of madeBy(values, all)) tally.record(`${what} is what was made`, given === made, `${given} is not ${made}`);
    return values;
  } finally {
    await standIn.stop();
  }
}

/** Values that only an apply can tell, each beside the resource of another stack that it must be of. */
function madeBy(values: EksBridgeValues, all: readonly Existing[]): (readonly [string, unknown, unknown])[] {
  const only = (type: string) => all.find((one) => one.type === type)?.values ?? {};
  const records = all.filter(({ type }) => type === 'aws_route53_record').map((one) => one.values['fqdn'] as string);
  const hosts = [...values.endpoints.kafka, ...values.endpoints.mongodb, ...Object.values(values.scrape).flat()];
  const strangers = hosts.map((one) => one.replace(/:\d+$/, '')).filter((host) => !records.includes(host));
  const { address, port } = only('aws_db_instance');
  return [
    ['the VPC', values.cluster.vpcId, only('aws_vpc')['id']],
    ['the cluster', values.cluster.name, only('aws_eks_cluster')['name']],
    ['the target group', values.cluster.targetGroupArn, only('aws_lb_target_group')['arn']],
    ['PostgreSQL', values.endpoints.postgres, `${address}:${port}`],
    ['the entry', values.endpoints.entry, `http://${only('aws_lb')['dns_name']}/`],
    ['every broker, member and node', strangers.join(', '), ''],
  ];
}

/** Through the contract: by our command, and as Helm holds them against the chart's schema. */
async function bridged(tally: Tally, file: string): Promise<void> {
  const taken = await run(join(PROJECT, 'bin/cimiento'), ['bridge', '--values', file, '--json']);
  tally.record('cimiento bridge takes them', taken.code === 0, taken.stderr);
  const wrong = await run(join(PROJECT, 'bin/cimiento'), ['gitops', 'bootstrap', '--target', 'lab', '--values', file]);
  const refused = wrong.code === 2 && wrong.stderr.includes('--target eks');
  tally.record('as they are they are EKS’s, and no other target takes them', refused, wrong.stderr);
}

/** The part of the values that every target has, on the lab: there is no AWS for the rest of them to lead to. */
async function onLab(tally: Tally, workspace: Workspace, values: EksBridgeValues): Promise<void> {
  const wasUp = (await run(LAB, ['status'])).code === 0;
  tally.doing('the lab: booting, building images');
  if (!wasUp) execFileSync(LAB, ['up'], { stdio: 'ignore' });
  const repository = new Repository(REVISION);
  try {
    execFileSync(join(PROJECT, 'lab/service/images'), { stdio: 'ignore' });
    Object.assign(process.env, labEnvironment());
    await asHelmHasIt(tally, values);
    const commit = await repository.begin();
    const { git, images, platform } = values;
    const file = workspace.path('bridge-lab.json');
    writeFileSync(file, JSON.stringify({ target: 'lab', git, images, platform }));

    tally.doing('bootstrap');
    const booted = await gitops('bootstrap', '--values', file);
    tally.record('bootstrap takes them to the lab', booted.code === 0, booted.stderr);
    const wait = await gitops('wait', '--timeout', String(SETTLE));
    tally.record('everything is Synced and Healthy', wait.code === 0, wait.stderr);
    tally.record(`at the commit of branch ${REVISION}, which platform.yaml named`, (await commitOf('hello-api')) === commit);
    const running = (await pods()).filter(({ ready, image }) => ready && image.startsWith(`${images.repository}/`));
    tally.record(`three pods run images of ${images.repository}`, running.length === 3, JSON.stringify(await pods()));
    tally.print(running.map(({ name, image }) => `${name}  ${image}`).join('\n'));

    const ended = await gitops('teardown', '--timeout', '240');
    tally.record('teardown', ended.code === 0, ended.stdout + ended.stderr);
  } finally {
    repository.end();
    if (!wasUp) execFileSync(LAB, ['down'], { stdio: 'ignore' });
  }
}

/** Helm holds all of the values against the chart's schema, and a real API server the root application that comes of them. */
async function asHelmHasIt(tally: Tally, values: EksBridgeValues): Promise<void> {
  const file = join(mkdtempSync(join(tmpdir(), 'cimiento-pods-')), 'values.json');
  const root = ['template', 'root', join(PROJECT, 'gitops/bootstrap'), '--namespace', 'argocd', '--values', file];
  writeFileSync(file, JSON.stringify(values));
  const rendered = await run('helm', root);
  tally.record('Helm takes them for the root chart', rendered.code === 0, rendered.stderr);
  writeFileSync(file, JSON.stringify({ ...values, endpoints: undefined }));
  const less = await run('helm', root);
  tally.record('Helm refuses them without the endpoints', less.code !== 0 && less.stderr.includes('endpoints'), less.stderr);
  writeFileSync(file, rendered.stdout);
  const dry = await run('kubectl', ['apply', '--server-side', '--dry-run=server', '-n', 'argocd', '-f', file]);
  tally.record('the API server takes the root application for EKS', dry.code === 0, dry.stderr);
  const lost = [values.cluster.vpcId, values.endpoints.postgres, ...values.endpoints.kafka].filter((one) => !rendered.stdout.includes(one));
  tally.record('what Terraform made stands in it', lost.length === 0, lost.join(', '));
  rmSync(dirname(file), { recursive: true });
}

/** What `eval "$(lab env)"` sets. */
function labEnvironment(): NodeJS.ProcessEnv {
  const script = `eval "$("${LAB}" env)" && exec "${process.execPath}" -p 'JSON.stringify(process.env)'`;
  return JSON.parse(execFileSync('bash', ['-c', script], { encoding: 'utf8' })) as NodeJS.ProcessEnv;
}
