/** `npm run e2e`: the whole way, from an empty cluster to an empty cluster; its last line is `N passed, N failed`. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { table } from '../../modules/report/table';
import { Tally } from '../rehearsal/tally';
import { applicationWrites, deletionOf, firstSettled, firstWriteIn, judge, tooEarly } from './audit';
import { gitops, inventory, kubectl, PROJECT } from './cluster';
import { badPushes, bootstrap, push, selfHeal, type Stage, unreachable } from './journey';
import { Repository } from './repository';
import { controllerKilled, kindMissing, pushedInMidSync } from './waves';

const AUDIT = join(process.env['LAB_HOME']!, 'log/audit.log');

/** What the platform makes for itself, and teardown takes away. */
const NAMESPACES = parseAllDocuments(readFileSync(join(PROJECT, 'gitops/foundation/base/namespaces.yaml'), 'utf8')).map(
  (document) => document.getIn(['metadata', 'name']) as string,
);

/** In their order; what comes after bootstrap may be left out. */
const PARTS = [unreachable, bootstrap, push, badPushes, selfHeal, controllerKilled, pushedInMidSync, kindMissing];
const wanted = process.argv.slice(2);
const chosen = PARTS.filter((part) => wanted.length === 0 || part === bootstrap || wanted.includes(part.name));
/** Of Applications to a commit: three at the bootstrap, and three at each push that gets through. */
const MOVES = wanted.length === 0 ? 15 : 3;

async function main(): Promise<void> {
  const unknown = wanted.filter((one) => !PARTS.some(({ name }) => name === one));
  if (unknown.length > 0) {
    process.stderr.write(`no part ${unknown.join(', ')}; there are ${PARTS.map(({ name }) => name).join(', ')}\n`);
    process.exitCode = 2;
    return;
  }
  const tally = new Tally();
  const repository = new Repository();
  const times: (readonly [string, number])[] = [];
  const took = (what: string, seconds: number) => {
    times.push([what, Math.round(seconds * 10) / 10]);
    tally.print(`   ${what}: ${seconds.toFixed(1)} s`);
  };
  const stage: Stage = { tally, repository, took };
  const before = await inventory();
  const taken = NAMESPACES.filter((name) => before.includes(`Namespace <none> ${name}`));
  if (taken.length > 0) {
    process.stderr.write(`the lab has namespace ${taken.join(', ')}, which the platform makes and takes away: lab/lab down first\n`);
    process.exitCode = 2;
    return;
  }
  // Earlier runs on the same lab are not this one's business.
  const from = statSync(AUDIT).size;
  const configuration = await argocdCm();
  try {
    await repository.begin();
    for (const part of chosen) {
      tally.print(part.name);
      // What one part leaves undone, the next would only repeat.
      await part(stage);
    }
    judgeWaves(tally, audited(from));
  } catch (error) {
    tally.record('the way to its end', false, error instanceof Error ? error.message : String(error));
    tally.print((await gitops('status')).stdout);
  }
  try {
    tally.print('teardown');
    const torn = statSync(AUDIT).size;
    await teardown(stage, before, configuration);
    const log = audited(torn);
    const early = tooEarly(applicationWrites(log));
    tally.record('teardown went in reverse waves (audit log)', early.length === 0, early.join(', '));
    const [balancer = Infinity, root = 0] = [deletionOf(log, 'services', 'by-hand'), deletionOf(log, 'applications', 'root')];
    tally.record("a load balancer of nobody's went while its controller was there", balancer < root);
  } catch (error) {
    tally.record('teardown', false, error instanceof Error ? error.message : String(error));
  }
  repository.end();
  tally.print(`\n${table([{ head: 'step' }, { head: 's' }], times)}`);
  tally.close();
}

/** What was written after the log was so long. */
const audited = (from: number): string => readFileSync(AUDIT).subarray(from).toString();

/** Over the whole run: the controller's death, the missing kind, the push into a sync included. */
function judgeWaves(tally: Tally, log: string): void {
  const { moves, breaches } = judge(applicationWrites(log));
  const [first] = breaches;
  const detail =
    first === undefined
      ? `${moves} moves`
      : `${breaches.length} of ${moves}: ${first.name} went to ${first.commit.slice(0, 8)} while ${first.earlier} was ${first.state}`;
  tally.record('no wave began before those before it were healthy at that commit (audit log)', breaches.length === 0 && moves >= MOVES, detail);
  tally.print(`   ${moves} moves of Applications to a commit, ${breaches.length} too early`);
  const [served, ruled] = [firstWriteIn(log, 'hello-api'), firstSettled(log, 'rules')];
  tally.record('nothing was written for hello-api before the rules were there', served !== undefined && ruled !== undefined && served > ruled);
}

const argocdCm = () => kubectl('get', 'configmap', 'argocd-cm', '-n', 'argocd', '-o', 'jsonpath={.data}');

async function teardown({ tally, took }: Stage, before: readonly string[], configuration: string): Promise<void> {
  await kubectl('apply', '-f', join(__dirname, 'strays.yaml'));
  const ended = await gitops('teardown', '--timeout', '240');
  took('teardown', ended.seconds);
  tally.record('teardown leaves nothing that it knows of', ended.code === 0, ended.stdout + ended.stderr);
  await kubectl('delete', '--ignore-not-found', '-f', join(__dirname, 'late.yaml'));
  const after = await inventory();
  const left = after.filter((one) => !before.includes(one));
  const gone = before.filter((one) => !after.includes(one));
  tally.record('the cluster holds what it held before, and nothing else', left.length + gone.length === 0, `left: ${left.join(', ')}; gone: ${gone.join(', ')}`);
  tally.record("Argo CD's configuration is as it was", configuration === (await argocdCm()));
  const again = await gitops('teardown', '--timeout', '60');
  tally.record('teardown of nothing is done at once', again.code === 0, again.stderr);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 2;
});
