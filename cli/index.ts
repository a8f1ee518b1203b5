/** The `cimiento` command: one file a subcommand, each thin over the modules. */
import { Command } from 'commander';
import { registerAddresses } from './addresses';
import { registerAlerts } from './alerts';
import { registerBridge } from './bridge';
import { registerCheck } from './check';
import { registerCost } from './cost';
import { registerDiff } from './diff';
import { registerGitops } from './gitops';
import { registerReport } from './report';
import { registerStart } from './start';
import { fail } from './failure';

const program = new Command('cimiento')
  .description('One platform.yaml becomes an AWS platform and what Argo CD syncs onto it.')
  .option('--debug', 'print a stack trace when something unexpected fails')
  .showSuggestionAfterError()
  .showHelpAfterError('(cimiento --help lists the commands)')
  .configureHelp({ showGlobalOptions: true })
  .addHelpText(
    'after',
    '\nExit codes: 0 fine, 1 found something, 2 wrong use or bad input.\nNO_COLOR is honoured; --json prints one object for programs.',
  )
  .exitOverride();

registerStart(program);
registerAddresses(program);
registerCost(program);
registerCheck(program);
registerDiff(program);
registerBridge(program);
registerGitops(program);
registerAlerts(program);
registerReport(program);

// Whoever reads us may have seen enough (`| head`): that is no failure, and nothing more needs to be said.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

program
  .parseAsync()
  .catch((error: unknown) => fail(error, process.argv.includes('--debug')))
  // The HCL parser's WebAssembly keeps the process for a second or two after the last word; nobody waits for it.
  .finally(() => process.stdout.write('', () => process.exit()));
