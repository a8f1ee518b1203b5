/**
 * `npm run minikube`: the platform on a laptop, with one command: minikube if it does not run, then `cimiento gitops bootstrap`, `wait`
 * and `open`, as anywhere else. What is shown is what is in git: push first.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/**
 * What kube-prometheus-stack, Argo CD and three pods of the service ask for, with room to start; and the runtime whose log files the
 * collector reads, as on EKS (Docker's are elsewhere, and of another format).
 */
const MACHINE = ['--cpus=4', '--memory=6g', '--disk-size=20g', '--container-runtime=containerd'];

function run(program: string, ...args: string[]): number {
  process.stdout.write(`\n$ ${[program, ...args].join(' ')}\n`);
  const { status, error } = spawnSync(program, args, { stdio: 'inherit' });
  if (error !== undefined) {
    process.stderr.write(`error ${program}: it is not installed; https://minikube.sigs.k8s.io/docs/start\n`);
    process.exit(2);
  }
  return status ?? 1;
}

const cimiento = (...args: string[]) => run(process.execPath, join(__dirname, '../bin/cimiento'), 'gitops', ...args);

const steps: readonly (() => number)[] = [
  // Exit code 0 only when host, kubelet and API server run.
  () => (run('minikube', 'status') === 0 ? 0 : run('minikube', 'start', ...MACHINE)),
  () => cimiento('bootstrap', '--target', 'minikube', ...process.argv.slice(2)),
  () => cimiento('wait', '--target', 'minikube', '--timeout', '1200'),
  () => cimiento('open', '--target', 'minikube'),
];

for (const step of steps) {
  const code = step();
  if (code !== 0) process.exit(code);
}
