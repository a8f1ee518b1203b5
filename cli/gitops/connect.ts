/** The cluster that a command means, and whether it may write there. */
import { Option, type Command } from 'commander';
import type { KubeConfig } from '@kubernetes/client-node';
import { Cluster, codeOf, DEFAULT_CONTEXT, messageOf, whyCareful } from '../../modules/argocd';
import { type Target, TARGETS } from '../../modules/bridge';
import { Rejection } from '../../modules/rejection';

/** What `reading` and `writing` give a command. */
export interface ConnectOptions {
  readonly target?: Target;
  readonly context?: string;
  readonly yes?: boolean;
  readonly json?: boolean;
}

export interface Connection {
  readonly cluster: Cluster;
  readonly config: KubeConfig;
  readonly context: string;
}

/** Options of a command that only reads. */
export function reading(command: Command): Command {
  return command
    .addOption(new Option('-t, --target <target>', 'whose usual context is meant').choices(TARGETS))
    .option('--context <name>', "context of the kubeconfig; by default the target's, or the current one")
    .option('--json', 'one JSON object for programs');
}

/** Options of a command that writes. */
export function writing(command: Command): Command {
  return command
    .addOption(new Option('-t, --target <target>', 'kind of cluster').choices(TARGETS).makeOptionMandatory())
    .option('--context <name>', 'context of the kubeconfig; by default minikube or lab, and the current one for eks')
    .option('-y, --yes', 'also where the context looks like production')
    .option('--json', 'one JSON object for programs');
}

/** @throws Rejection when there is no such cluster, it does not answer, or it looks like one to be careful with */
export async function connect(options: ConnectOptions, writes: boolean): Promise<Connection> {
  const config = await kubeconfig();
  const { target } = options;
  const name = options.context ?? (target && DEFAULT_CONTEXT[target]) ?? config.getCurrentContext();
  choose(config, name, options.context === undefined ? target : undefined);
  const { server = '', name: clusterName = '' } = config.getCurrentCluster() ?? {};
  if (writes && target !== undefined && options.yes !== true) {
    const why = whyCareful(target, { name, cluster: clusterName, server });
    if (why !== undefined) throw new Rejection(`context ${name}`, why, 'if you mean it, add --yes');
  }
  const cluster = await Cluster.connect(config);
  try {
    await cluster.get({ apiVersion: 'v1', kind: 'Namespace' }, 'kube-system');
  } catch (error) {
    throw unreachable(name, server, error);
  }
  return { cluster, config, context: name };
}

/** What a person is told when the cluster cannot be used. */
function unreachable(context: string, server: string, error: unknown): Rejection {
  const where = `context ${context}, ${server}`;
  const code = codeOf(error);
  if (code === 401) return new Rejection(where, 'the cluster does not know you (401)', 'renew your login');
  if (code === 403)
    return new Rejection(where, `you may not: ${messageOf(error)}`, 'ask for the role, or another context');
  const message = messageOf(error);
  const why = /reason: (.*)$/.exec(message)?.[1] ?? message;
  return new Rejection(where, `no cluster answers (${why})`, 'is it running, and may you reach it from here?');
}

async function kubeconfig(): Promise<KubeConfig> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  const file = process.env['KUBECONFIG'] ?? '~/.kube/config';
  try {
    config.loadFromDefault();
  } catch (error) {
    throw new Rejection(
      `kubeconfig ${file}`,
      `it cannot be read (${messageOf(error)})`,
      'set KUBECONFIG to one that can',
    );
  }
  // The client makes one up when there is none.
  if (config.getCurrentCluster()?.server === 'http://localhost:8080') {
    throw new Rejection(
      `kubeconfig ${file}`,
      'there is none',
      'minikube start, `aws eks update-kubeconfig`, or `lab/lab up` makes one',
    );
  }
  return config;
}

function choose(config: KubeConfig, name: string, target: Target | undefined): void {
  const known = config.getContexts().map((one) => one.name);
  if (known.includes(name)) {
    config.setCurrentContext(name);
    return;
  }
  const which = target === undefined ? '--context' : `--target ${target}`;
  const fix = known.length === 0 ? 'it has none' : `it has: ${known.join(', ')}`;
  throw new Rejection(
    which,
    `the kubeconfig has no context "${name}"`,
    target === undefined ? fix : `${fix}; name one with --context`,
  );
}
