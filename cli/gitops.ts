/** `cimiento gitops`: what Argo CD is doing, asked of the Kubernetes API. */
import type { Command } from 'commander';
import { applications, type ApplicationStatus, statusOf } from '../modules/argocd';
import { Rejection } from '../modules/rejection';
import { paint } from './paint';

interface StatusOptions {
  readonly context?: string;
  readonly json?: boolean;
}

export function registerGitops(program: Command): void {
  const gitops = program.command('gitops').description('what Argo CD deploys, and what holds it up');
  gitops
    .command('status')
    .description(
      'every application in order of waves: sync, health, revision, and what blocks it; exit 1 if something does',
    )
    .option('--context <name>', 'context of the kubeconfig; its current one by default')
    .option('--json', 'one JSON object for programs')
    .action(status);
}

async function status({ context, json }: StatusOptions): Promise<void> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  config.loadFromDefault();
  const known = config.getContexts().map(({ name }) => name);
  if (context !== undefined) {
    if (!known.includes(context)) {
      throw new Rejection('--context', `the kubeconfig has no context "${context}"`, `it has: ${known.join(', ')}`);
    }
    config.setCurrentContext(context);
  }
  const lines = statusOf(await read());
  process.stdout.write(
    json ? `${JSON.stringify({ applications: lines }, null, 2)}\n` : `${lines.map(line).join('\n')}\n`,
  );
  if (lines.length === 0 || lines.some(({ blockedBy }) => blockedBy !== undefined)) process.exitCode = 1;

  async function read() {
    try {
      return await applications(config);
    } catch (error) {
      const server = config.getCurrentCluster()?.server ?? 'no cluster';
      const first = String(error instanceof Error ? error.message : error).split('\n')[0]!;
      const fix = 'is the cluster up, and Argo CD in it? `kubectl get applications -n argocd` asks the same';
      throw new Rejection(
        `context ${config.getCurrentContext()}, ${server}`,
        `no Applications to be read (${first})`,
        fix,
      );
    }
  }
}

function line({ name, wave, sync, health, revision, blockedBy }: ApplicationStatus): string {
  const state = `${sync}, ${health}`;
  const mark = blockedBy === undefined ? paint.green(state) : paint.red(state);
  const at = revision === undefined ? '' : ` at ${revision.slice(0, 8)}`;
  return `${wave === undefined ? 'root' : `wave ${wave}`}  ${name}  ${mark}${at}${blockedBy === undefined ? '' : `\n        ${blockedBy}`}`;
}
