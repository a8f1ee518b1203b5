/** `cimiento gitops status`: what Argo CD is doing, asked of the Kubernetes API. */
import type { Command } from 'commander';
import {
  APPLICATION,
  type Application,
  type ApplicationStatus,
  ARGOCD_NAMESPACE,
  type Cluster,
  deployedBy,
  type LiveObject,
  statusOf,
  waitsForResources,
} from '../../modules/argocd';
import { Rejection } from '../../modules/rejection';
import { paint } from '../paint';
import { connect, type ConnectOptions, reading } from './connect';

export function registerStatus(gitops: Command): void {
  reading(gitops.command('status'))
    .description(
      'every application in order of waves: sync, health, revision, and what blocks it; exit 1 if something does',
    )
    .action(status);
}

async function status(options: ConnectOptions): Promise<void> {
  const { cluster, context } = await connect(options, false);
  const applications = await look(cluster);
  if (applications.length === 0) {
    const fix = `cimiento gitops bootstrap --target ${options.target ?? '…'} makes them`;
    throw new Rejection(`context ${context}`, `there are no Applications in namespace ${ARGOCD_NAMESPACE}`, fix);
  }
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ applications }, null, 2)}\n`
      : `${applications.map((one) => lineOf(one)).join('\n')}\n`,
  );
  if (applications.some(({ blockedBy }) => blockedBy !== undefined)) process.exitCode = 1;
}

/** One look at everything: what the Applications say, and what their resources say where they wait for these. */
export async function look(cluster: Cluster): Promise<ApplicationStatus[]> {
  const applications = await cluster.list<Application>(APPLICATION, ARGOCD_NAMESPACE);
  const live = new Map<string, LiveObject[]>();
  for (const one of applications.filter(waitsForResources)) live.set(one.metadata.name, await deployedBy(cluster, one));
  return statusOf(applications, live);
}

export function lineOf({ name, wave, sync, health, revision, blockedBy }: ApplicationStatus): string {
  const state = `${sync}, ${health}`;
  const mark = blockedBy === undefined ? paint.green(state) : paint.red(state);
  const at = revision === undefined || revision === '' ? '' : ` at ${revision.slice(0, 8)}`;
  return `${wave === undefined ? 'root' : `wave ${wave}`}  ${name}  ${mark}${at}${blockedBy === undefined ? '' : `\n        ${blockedBy}`}`;
}
