/** `cimiento gitops`: the platform's cluster side, from a clean cluster to a clean cluster. */
import type { Command } from 'commander';
import { registerBootstrap } from './bootstrap';
import { registerOpen } from './open';
import { registerStatus } from './status';
import { registerSync } from './sync';
import { registerTeardown } from './teardown';
import { registerWait } from './wait';

export function registerGitops(program: Command): void {
  const gitops = program.command('gitops').description('what Argo CD deploys: install, ask, wait, remove');
  registerBootstrap(gitops);
  registerSync(gitops);
  registerStatus(gitops);
  registerWait(gitops);
  registerOpen(gitops);
  registerTeardown(gitops);
}
