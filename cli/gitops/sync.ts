/** `cimiento gitops sync`: have git looked at now, where no webhook does it; and once more what failed. */
import type { Command } from 'commander';
import {
  APPLICATION,
  type Application,
  ARGOCD_NAMESPACE,
  type Cluster,
  inWaves,
  type Request,
  requestFor,
  ROOT,
  written,
} from '../../modules/argocd';
import { Rejection } from '../../modules/rejection';
import { connect, type ConnectOptions, writing } from './connect';

interface SyncOptions extends ConnectOptions {
  readonly anew?: boolean;
}

const SAYS: Readonly<Record<Request, string>> = {
  refresh: 'is compared with git, and synced if git has moved',
  sync: 'is synced once more',
  end: 'ends its sync',
};

export function registerSync(gitops: Command): void {
  writing(gitops.command('sync'))
    .description('look at git now; try again what failed; end syncs of older commits. `wait` shows what comes of it')
    .option('--anew', 'end every sync that is running, such as one that waits for what will not come')
    .action(sync);
}

async function sync(options: SyncOptions): Promise<void> {
  const { cluster, context } = await connect(options, true);
  const applications = await cluster.list<Application>(APPLICATION, ARGOCD_NAMESPACE);
  if (!applications.some(({ metadata }) => metadata.name === ROOT)) {
    const fix = `cimiento gitops bootstrap --target ${options.target} makes it`;
    throw new Rejection(`context ${context}`, `there is no root Application in namespace ${ARGOCD_NAMESPACE}`, fix);
  }
  const requested: { name: string; request: Request }[] = [];
  for (const application of inWaves(applications)) {
    const { name } = application.metadata;
    const request = requestFor(application, options.anew === true);
    if (request === undefined) continue;
    await cluster.merge(written(request, application));
    requested.push({ name, request });
    const ended = request === 'end' ? await atRest(cluster, name) : undefined;
    // What was ended counts as tried: Argo CD would not begin it again by itself.
    const further = ended && requestFor(ended, false);
    if (ended !== undefined && further !== undefined) {
      await cluster.merge(written(further, ended));
      requested.push({ name, request: further });
    }
  }
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ requested }, null, 2)}\n`
      : requested.map(({ name, request }) => `${name} ${SAYS[request]}\n`).join(''),
  );
}

/** The Application once its sync has ended; as it is after half a minute if it has not. */
async function atRest(cluster: Cluster, name: string): Promise<Application | undefined> {
  for (let second = 0; ; second++) {
    const application = await cluster.get<Application>(APPLICATION, name, ARGOCD_NAMESPACE);
    const phase = application?.status?.operationState?.phase;
    if ((phase !== 'Running' && phase !== 'Terminating') || second === 30) return application;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}
