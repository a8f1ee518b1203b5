/** `cimiento gitops sync`: have git looked at now, where no webhook does it; and once more what failed. */
import type { Command } from 'commander';
import { APPLICATION, type Application, ARGOCD_NAMESPACE, requestFor, ROOT, written } from '../../modules/argocd';
import { Rejection } from '../../modules/rejection';
import { connect, type ConnectOptions, writing } from './connect';

interface SyncOptions extends ConnectOptions {
  readonly json?: boolean;
  readonly anew?: boolean;
}

const SAYS = {
  refresh: 'root is compared with git, and synced if git has moved',
  sync: 'root is synced',
  'end the running sync': "root's sync is ended; the next one begins at git's newest commit",
} as const;

export function registerSync(gitops: Command): void {
  writing(gitops.command('sync'))
    .description('ask Argo CD to look at git now, and to sync; `wait` shows what comes of it')
    .option('--anew', 'end a sync that is running, such as one that waits for what a later commit has mended')
    .action(sync);
}

async function sync(options: SyncOptions): Promise<void> {
  const { cluster, context } = await connect(options, true);
  const root = await cluster.get<Application>(APPLICATION, ROOT, ARGOCD_NAMESPACE);
  if (root === undefined) {
    const fix = `cimiento gitops bootstrap --target ${options.target} makes it`;
    throw new Rejection(`context ${context}`, `there is no root Application in namespace ${ARGOCD_NAMESPACE}`, fix);
  }
  const request = requestFor(root, options.anew === true);
  await cluster.merge(written(request, ROOT));
  const revision = root.status?.sync?.revision;
  process.stdout.write(
    options.json ? `${JSON.stringify({ requested: request, revision }, null, 2)}\n` : `${SAYS[request]}\n`,
  );
}
