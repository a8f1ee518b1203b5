/**
 * `cimiento gitops teardown`: everything off the cluster that git and its controllers put there, in reverse waves, in bounded time;
 * before Terraform destroys what it stands on. Argo CD goes last; on EKS it is Terraform's.
 */
import type { Command } from 'commander';
import {
  APPLICATION,
  type Application,
  ARGO_CD_CHART,
  ARGOCD_NAMESPACE,
  type Cluster,
  conditionsOf,
  type LiveObject,
  nameOf,
  next,
  OBSERVED_KINDS,
  type Observed,
  PLATFORM_NAMESPACES,
  PROJECT,
} from '../../modules/argocd';
import type { Target } from '../../modules/bridge';
import { progress, progressDone } from '../progress';
import { configuration, REPOSITORY_SECRET } from './bootstrap';
import { connect, type Connection, type ConnectOptions, writing } from './connect';
import { helm } from './helm';
import { seconds } from './wait';

interface TeardownOptions extends ConnectOptions {
  readonly target: Target;
  readonly timeout: string;
}

export function registerTeardown(gitops: Command): void {
  writing(gitops.command('teardown'))
    .description(
      'remove what git and its controllers put there, in reverse waves; exit 1 with a list if something is left',
    )
    .option('--timeout <seconds>', 'longest time for it', '600')
    .action(teardown);
}

async function teardown(options: TeardownOptions): Promise<void> {
  const limit = seconds(options.timeout);
  const connection = await connect(options, true);
  const { cluster } = connection;
  const began = Date.now();
  const removed = new Set<string>();
  let left: readonly LiveObject[];
  for (;;) {
    const plan = next(await observe(cluster));
    left = plan.left;
    if (left.length === 0 || (Date.now() - began) / 1000 > limit) break;
    for (const object of plan.remove) {
      const { apiVersion = 'v1', kind = '', metadata } = object;
      if (await cluster.remove({ apiVersion, kind }, metadata?.name ?? '', metadata?.namespace))
        removed.add(nameOf(object));
    }
    progress(`${left.length} left, first ${nameOf(left[0]!)}`);
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  progressDone();
  if (left.length === 0) {
    for (const name of await removeArgoCd(connection, options.target)) removed.add(name);
  }

  const took = Math.round((Date.now() - began) / 100) / 10;
  const lines = left.map((object) => ({ name: nameOf(object), why: whyLeft(object) }));
  if (options.json === true) {
    process.stdout.write(`${JSON.stringify({ removed: [...removed], left: lines, seconds: took }, null, 2)}\n`);
  } else {
    for (const name of removed) process.stdout.write(`removed  ${name}\n`);
    for (const { name, why } of lines) process.stderr.write(`left     ${name}${why === undefined ? '' : `: ${why}`}\n`);
    process.stdout.write(
      left.length === 0 ? `nothing is left after ${took} s\n` : `${left.length} left after ${took} s\n`,
    );
  }
  if (left.length > 0) process.exitCode = 1;
}

async function observe(cluster: Cluster): Promise<Observed> {
  const lists = Object.entries(OBSERVED_KINDS).map(async ([name, kind]) => [name, await cluster.list(kind)] as const);
  const named = PLATFORM_NAMESPACES.map((name) => cluster.get({ apiVersion: 'v1', kind: 'Namespace' }, name));
  return {
    ...(Object.fromEntries(await Promise.all(lists)) as Record<keyof typeof OBSERVED_KINDS, LiveObject[]>),
    applications: await cluster.list<Application>(APPLICATION, ARGOCD_NAMESPACE),
    namespaces: (await Promise.all(named)).filter((one) => one !== undefined),
    project: await cluster.get(PROJECT, PROJECT.name, ARGOCD_NAMESPACE),
  };
}

/** What bootstrap made for Argo CD. */
async function removeArgoCd({ cluster, context }: Connection, target: Target): Promise<string[]> {
  const removed: string[] = [];
  if (await cluster.remove({ apiVersion: 'v1', kind: 'Secret' }, REPOSITORY_SECRET, ARGOCD_NAMESPACE)) {
    removed.push(`Secret ${ARGOCD_NAMESPACE}/${REPOSITORY_SECRET}`);
  }
  if (target === 'lab') {
    // Applied without the fields that we own, these go and others' stay.
    const { apiVersion, kind, metadata } = configuration();
    if ((await cluster.apply({ apiVersion, kind, metadata })) === 'changed') removed.push("Argo CD's configuration");
  }
  if (target === 'minikube') {
    const { release } = ARGO_CD_CHART;
    const there = ['--namespace', ARGOCD_NAMESPACE, '--kube-context', context];
    if ((await helm(['list', ...there, '--short', '--filter', `^${release}$`])).trim() === release) {
      await helm(['uninstall', release, ...there, '--wait', '--timeout', '5m']);
      removed.push(`Argo CD (release ${release})`);
    }
    // The chart keeps its kinds on purpose, so that no upgrade deletes Applications.
    for (const plural of ['applications', 'applicationsets', 'appprojects']) {
      const name = `${plural}.argoproj.io`;
      if (await cluster.remove(OBSERVED_KINDS.crds, name)) removed.push(`CustomResourceDefinition ${name}`);
    }
    if (await cluster.remove({ apiVersion: 'v1', kind: 'Namespace' }, ARGOCD_NAMESPACE)) {
      removed.push(`Namespace ${ARGOCD_NAMESPACE}`);
    }
  }
  return removed;
}

/** What an object itself says of why it does not go. */
function whyLeft(object: LiveObject): string | undefined {
  // A namespace names what is in it; an Application the error of its deletion.
  const said = conditionsOf(object).find(
    ({ type, status }) => type === 'DeletionError' || (/Remaining$|Failure$/.test(type) && status === 'True'),
  );
  if (said !== undefined) return said.message;
  const { finalizers = [], deletionTimestamp } = object.metadata ?? {};
  if (deletionTimestamp === undefined) return undefined;
  return finalizers.length === 0 ? 'it is going' : `it waits for ${finalizers.join(', ')}`;
}
