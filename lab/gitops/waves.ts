/** What could let a wave go too early, or never: a controller that dies, a push into a sync, a kind that is not there. */
import { setTimeout as sleep } from 'node:timers/promises';
import { commitOf, gitops, kubectl, LAB, must, statusOf, until } from './cluster';
import { DEPLOYMENT, SETTLE, settled, type Stage } from './journey';

const RULES = 'gitops/monitoring/kustomization.yaml';
const FOUNDATION = 'gitops/foundation/base/namespaces.yaml';
/** Time that a wave which should be held gets to break out, ms. */
const TEMPTATION = 10_000;

let edits = 0;
/** A change in every wave: a new annotation on namespaces, rules and pods. */
function everywhere({ repository }: Stage): void {
  const edit = `e2e/edit: '${++edits}'`;
  const annotation = /e2e\/edit: '\d+'/;
  if (edits === 1) {
    repository.edit(FOUNDATION, /annotations: \{/g, `annotations: { ${edit}, `);
    repository.edit(RULES, 'namespace: monitoring\n', `namespace: monitoring\ncommonAnnotations: { ${edit} }\n`);
    repository.edit(DEPLOYMENT, 'annotations:\n', `annotations:\n        ${edit}\n`);
  } else {
    repository.edit(FOUNDATION, new RegExp(annotation, 'g'), edit);
    repository.edit(RULES, annotation, edit);
    repository.edit(DEPLOYMENT, annotation, edit);
  }
}

const begun = (commit: string) =>
  until('the first wave has begun', SETTLE, async () => ((await commitOf('foundation')) === commit ? true : undefined), 100);

export async function controllerKilled(stage: Stage): Promise<void> {
  const { tally, repository, took } = stage;
  everywhere(stage);
  const commit = await repository.push('a change in every wave, with the controller killed');
  await begun(commit);
  const early = (await commitOf('hello-api')) !== commit;
  await must(LAB, ['kill-argocd', 'application-controller']);
  const wait = await settled(tally, '--revision', commit);
  took('controller killed in mid-sync, to Healthy', wait.seconds);
  tally.record('the controller was killed in the middle', early);
  tally.record('a killed controller goes on where it was', wait.code === 0, wait.stderr);
}

export async function pushedInMidSync(stage: Stage): Promise<void> {
  const { tally, repository, took } = stage;
  everywhere(stage);
  const first = await repository.push('a change in every wave');
  await begun(first);
  everywhere(stage);
  const second = await repository.push('and another one, into its sync');
  const wait = await settled(tally, '--revision', second);
  took('push into a sync, to Healthy', wait.seconds);
  tally.record('a push in mid-sync arrives', wait.code === 0, wait.stderr);
}

/** A child of an earlier wave needs a kind that the cluster lacks; the kind comes, and the rest goes on. */
export async function kindMissing(stage: Stage): Promise<void> {
  const { tally, repository, took } = stage;
  const before = await commitOf('hello-api');
  everywhere(stage);
  repository.write(
    'gitops/monitoring/late.yaml',
    'apiVersion: e2e.cimiento.example/v1\nkind: Late\nmetadata: { name: late }\n',
  );
  repository.edit(RULES, 'resources:\n', 'resources:\n  - late.yaml\n');
  const commit = await repository.push('a kind that is not there');
  const [rules] = await until('the failing child is named', SETTLE, async () => {
    const found = await statusOf('rules');
    return found?.blockedBy?.includes('Late') === true || found?.blockedBy?.includes('e2e.cimiento.example') === true ? found : undefined;
  });
  tally.print(`   ${rules.blockedBy?.slice(0, 160)}`);
  await sleep(TEMPTATION);
  tally.record('a child that fails keeps the next wave back', (await commitOf('hello-api')) === before);
  const status = await gitops('status', '--json');
  tally.record('status fails meanwhile', status.code === 1);

  await kubectl('apply', '--server-side', '-f', KIND);
  const sync = await gitops('sync', '--anew');
  tally.record('sync --anew tries again at once', sync.stdout.includes('rules is synced once more'), sync.stdout + sync.stderr);
  const wait = await settled(tally, '--revision', commit);
  took('kind made, to Healthy', wait.seconds);
  tally.record('the missing kind lets it go', wait.code === 0, wait.stderr);
}
const KIND = `${__dirname}/late.yaml`;
