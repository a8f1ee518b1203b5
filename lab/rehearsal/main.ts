/** `npm run rehearse`: Terraform's own core over every stack, without AWS. */
import { Command } from 'commander';
import { fail } from '../../cli/failure';
import { rehearseVariants, VARIANTS } from './deploy';
import { rehearseCdktf } from './cdktf';
import { rehearseFaults } from './faults';
import { rehearseInterruptions } from './interruption';
import { rehearseNetwork } from './network/compare';
import { rehearseBridge, rehearsePods } from './pods';
import { rehearseRefusals } from './refusals';
import { rehearseS3Lock } from './s3-lock';
import { rehearseScale } from './scale';
import { Tally } from './tally';

const program = new Command('rehearse')
  .description('deploys the platform with the real Terraform against a stand-in for AWS')
  .option('--debug', 'print a stack trace when something unexpected fails')
  .exitOverride();

async function rehearse(run: (tally: Tally) => Promise<void>): Promise<void> {
  const tally = new Tally();
  await run(tally);
  tally.close();
}

program
  .command('deploy', { isDefault: true })
  .description('makes, plans again, edits and destroys every stack')
  .argument('[variant]', `only one of ${VARIANTS.map(({ name }) => name).join(', ')}`)
  .action((variant?: string) => rehearse((tally) => rehearseVariants(tally, variant)));

program
  .command('refusals')
  .description('shows that the stand-in refuses what AWS refuses')
  .action(() => rehearse(rehearseRefusals));

program
  .command('interrupt')
  .description('stops Terraform in the middle of an apply, runs it again, and runs two at once')
  .action(() => rehearse(rehearseInterruptions));

program
  .command('s3-lock')
  .description('runs two at once on state in S3 (moto, from PyPI)')
  .action(() => rehearse(rehearseS3Lock));

program
  .command('cdktf')
  .description("cdktf deploy '*' and cdktf destroy '*'")
  .action(() => rehearse(rehearseCdktf));

program
  .command('network')
  .description('sends packets over the same network, built of namespaces, and compares with the reachability model')
  .action(() => rehearse(rehearseNetwork));

program
  .command('bridge')
  .description('what an apply gives the root release, through the bridge: all of it known, and of what was made')
  .action(() => rehearse(async (tally) => void (await rehearseBridge(tally))));

program
  .command('pods')
  .description('the same, and on to running pods: by gitops bootstrap into Argo CD on the lab')
  .action(() => rehearse(rehearsePods));

program
  .command('scale')
  .description('seconds and memory of a thousand resources')
  .action(() => rehearse(rehearseScale));

program
  .command('faults')
  .description('plants mistakes in the synthesized JSON: each must be caught, by Terraform and by cimiento check')
  .option('--write', 'write the table in docs/rehearsal.md')
  .action(({ write = false }: { write?: boolean }) => rehearse((tally) => rehearseFaults(tally, write)));

program.parseAsync().catch((error: unknown) => fail(error, process.argv.includes('--debug')));
